import { RunpodError } from "../core/errors";
import type { HttpClient } from "../http/client";
import { path } from "../http/path";

/** What runs in a pod, as GraphQL tells it; the guide's monitoring query. */
export interface PodTelemetry {
  readonly uptimeInSeconds: number;
  readonly gpus: readonly {
    readonly id: string;
    readonly gpuUtilPercent: number;
    readonly memoryUtilPercent: number;
  }[];
}

/** The account's money, in USD. */
export interface Balance {
  readonly clientBalance: number;
  readonly currentSpendPerHr: number;
}

/** Null while the pod does not run, or if there is none. @throws RunpodError */
export async function readTelemetry(
  client: HttpClient,
  podId: string,
): Promise<PodTelemetry | null> {
  const query =
    "query($podId: String!) { pod(input: {podId: $podId}) { runtime { uptimeInSeconds gpus { id gpuUtilPercent memoryUtilPercent } } } }";
  const data = (await ask(client, `reading the telemetry of pod ${podId}`, query, { podId })) as {
    pod: { runtime: PodTelemetry | null } | null;
  };
  return data.pod?.runtime ?? null;
}

/** @throws RunpodError */
export async function readBalance(client: HttpClient): Promise<Balance> {
  const data = (await ask(
    client,
    "reading the account's balance",
    "{ myself { clientBalance currentSpendPerHr } }",
  )) as { myself: Balance };
  return data.myself;
}

async function ask(
  client: HttpClient,
  operation: string,
  query: string,
  variables?: Record<string, string>,
): Promise<unknown> {
  const body = { query, ...(variables !== undefined && { variables }) };
  const answer = (await client.request({ method: "POST", path: path``, body, operation })) as {
    data?: unknown;
    errors?: readonly { message?: string }[];
  };
  // GraphQL answers 200 also for errors.
  const [error] = answer.errors ?? [];
  if (error !== undefined || answer.data === undefined) {
    const detail = error?.message ?? "no data";
    throw new RunpodError(`${operation}: ${detail}`, { kind: "invalid", detail, operation });
  }
  return answer.data;
}
