import type * as pulumi from "@pulumi/pulumi";
import { type Kind, podEndpointFields, podFields, templateFields, volumeFields } from "../schema";
import { hostHandler } from "./host";
import { ownershipHandler } from "./ownership";
import { podHandler } from "./pod";
import { podEndpointHandler } from "./pod-endpoint";
import { configure, processAccount, processContext, say } from "./process";
import { templateHandler } from "./template";
import { volumeHandler } from "./volume";

const thisProcess = { configure, account: processAccount, context: processContext, say };

const providers: Record<Kind, () => pulumi.dynamic.ResourceProvider> = {
  Template: () => hostHandler(templateHandler, templateFields, thisProcess),
  Pod: () => hostHandler(podHandler, podFields, thisProcess),
  Volume: () => hostHandler(volumeHandler, volumeFields, thisProcess),
  PodEndpoint: () => hostHandler(podEndpointHandler, podEndpointFields, thisProcess),
  Ownership: () => hostHandler(ownershipHandler, {}, thisProcess),
};

/** The handlers of a kind, for Pulumi's dynamic-provider process; the line in the state calls this. */
export function get(kind: Kind): pulumi.dynamic.ResourceProvider {
  return providers[kind]();
}
