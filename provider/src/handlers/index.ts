import { safe } from "@runpod-stack/kit";
import "../core/node-version";

import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../core/errors";
import { type Kind, podEndpointFields, podFields, templateFields, volumeFields } from "../schema";
import { ownershipHandler } from "./ownership/handler";
import { hostHandler } from "./plugin/host";
import { configure, processAccount, processContext, processSettings, say } from "./plugin/process";
import { podHandler } from "./pod/handler";
import { podEndpointHandler } from "./pod-endpoint/handler";
import { templateHandler } from "./template/handler";
import { volumeHandler } from "./volume/handler";

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
  return whereConfigured(providers[kind]());
}

let isWarned = false;

/** A gateway may have paths of its own, so this is not refused. */
function warnOfUnusualPath(apiUrl: string): void {
  if (isWarned || apiUrl.endsWith("/v2")) return;
  isWarned = true;
  say(
    safe`warning: the URL of RunPod's REST API is ${apiUrl}, and RunPod's own ends in /v2. If that is missing, add it to runpod:apiUrl (RUNPOD_REST_V2_URL).`,
  );
}

/** A mistake in the configuration is an input's failure: a preview shows it, before anything is made. */
function whereConfigured(
  provider: pulumi.dynamic.ResourceProvider,
): pulumi.dynamic.ResourceProvider {
  return {
    ...provider,
    async check(olds, news) {
      try {
        warnOfUnusualPath((await processSettings()).apiUrl);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { inputs: news, failures: [{ property: "", reason: error.message }] };
      }
      return provider.check?.(olds, news) ?? { inputs: news };
    },
  };
}
