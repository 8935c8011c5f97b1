import { type Endpoint, urlsOf } from "../../api";
import {
  type GpuSelection,
  type Reported,
  type ServerlessEndpointInputs,
  type ServerlessEndpointProperties,
  type Stored,
  serverlessEndpointFields,
} from "../../schema";
import type { Context } from "../lifecycle/context";
import { liveRecord, storedLive } from "../lifecycle/record";
import { storedCopy } from "../lifecycle/reported";
import { costs, type WorkerPrice } from "./price";

/** What is known of an endpoint in addition to RunPod's answer. */
export interface Known {
  readonly reported: Reported<ServerlessEndpointInputs>;
  /** The GPUs that it was last asked for. */
  readonly selection?: GpuSelection | undefined;
  readonly price?: WorkerPrice | undefined;
}

/** The stored properties of an endpoint: a copy of its inputs, and what RunPod reports. */
export function endpointOutputs(
  context: Context,
  endpoint: Endpoint,
  inputs: Stored<ServerlessEndpointProperties>,
  known: Known,
  old: Stored<ServerlessEndpointProperties> = {},
): Stored<ServerlessEndpointProperties> {
  const live = storedLive(old);
  const { selection = live?.gpuSelection, price = live?.workerPrice } = known;
  const copy = storedCopy(serverlessEndpointFields, inputs, known.reported, old);
  return {
    ...copy,
    ...urlsOf(endpoint, copy["type"] ?? endpoint.type, context.settings),
    ...costs(copy, price),
    createdAt: endpoint.createdAt ?? old["createdAt"],
    __live: liveRecord(context, old, {
      ...(selection !== undefined && { gpuSelection: selection }),
      ...(price !== undefined && { workerPrice: price }),
    }),
  };
}
