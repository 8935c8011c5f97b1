import { safe } from "@runpod-stack/kit";
import "../core/node-version";

import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../core/errors";
import {
  clusterFields,
  costCenterFields,
  ecrDelegationFields,
  endpointReadyFields,
  globalVolumeFields,
  type Kind,
  podEndpointFields,
  podFields,
  registryAuthFields,
  secretFields,
  serverlessEndpointFields,
  sshKeysFields,
  tagFields,
  templateFields,
  volumeFields,
} from "../schema";
import { clusterHandler } from "./cluster/handler";
import { costCenterHandler } from "./cost-center/handler";
import { ecrDelegationHandler } from "./ecr-delegation/handler";
import { endpointReadyHandler } from "./endpoint-ready/handler";
import { globalVolumeHandler } from "./global-volume/handler";
import { ownershipHandler } from "./ownership/handler";
import { hostHandler } from "./plugin/host";
import { configure, processAccount, processContext, processSettings, say } from "./plugin/process";
import { podHandler } from "./pod/handler";
import { podEndpointHandler } from "./pod-endpoint/handler";
import { registryAuthHandler } from "./registry-auth/handler";
import { secretHandler } from "./secret/handler";
import { serverlessEndpointHandler } from "./serverless-endpoint/handler";
import { sshKeysHandler } from "./ssh-keys/handler";
import { tagHandler } from "./tag/handler";
import { templateHandler } from "./template/handler";
import { volumeHandler } from "./volume/handler";

const thisProcess = { configure, account: processAccount, context: processContext, say };

const providers: Record<Kind, () => pulumi.dynamic.ResourceProvider> = {
  Template: () => hostHandler(templateHandler, templateFields, thisProcess),
  Pod: () => hostHandler(podHandler, podFields, thisProcess),
  Volume: () => hostHandler(volumeHandler, volumeFields, thisProcess),
  PodEndpoint: () => hostHandler(podEndpointHandler, podEndpointFields, thisProcess),
  ServerlessEndpoint: () =>
    hostHandler(serverlessEndpointHandler, serverlessEndpointFields, thisProcess),
  EndpointReady: () => hostHandler(endpointReadyHandler, endpointReadyFields, thisProcess),
  Secret: () => hostHandler(secretHandler, secretFields, thisProcess),
  RegistryAuth: () => hostHandler(registryAuthHandler, registryAuthFields, thisProcess),
  EcrDelegation: () => hostHandler(ecrDelegationHandler, ecrDelegationFields, thisProcess),
  SshKeys: () => hostHandler(sshKeysHandler, sshKeysFields, thisProcess),
  Tag: () => hostHandler(tagHandler, tagFields, thisProcess),
  GlobalVolume: () => hostHandler(globalVolumeHandler, globalVolumeFields, thisProcess),
  CostCenter: () => hostHandler(costCenterHandler, costCenterFields, thisProcess),
  Cluster: () => hostHandler(clusterHandler, clusterFields, thisProcess),
  Ownership: () => hostHandler(ownershipHandler, {}, thisProcess),
};

/** The handlers of a kind, for Pulumi's dynamic-provider process. The line in the state calls this. */
export function get(kind: Kind): pulumi.dynamic.ResourceProvider {
  return whereConfigured(providers[kind]());
}

let isWarned = false;

/** A gateway may use another path, so this is only a warning. */
function warnOfUnusualPath(apiUrl: string): void {
  if (isWarned || apiUrl.endsWith("/v2")) {
    return;
  }
  isWarned = true;
  say(
    safe`warning: the URL of RunPod's REST API, ${apiUrl}, does not end in /v2, as RunPod's own does. If /v2 is missing, add it to runpod:apiUrl (RUNPOD_REST_V2_URL).`,
  );
}

/**
 * Reports a mistake in the configuration as an input failure, so that a preview shows it before
 * anything is created.
 */
function whereConfigured(
  provider: pulumi.dynamic.ResourceProvider,
): pulumi.dynamic.ResourceProvider {
  return {
    ...provider,
    async check(olds, news) {
      try {
        warnOfUnusualPath((await processSettings()).apiUrl);
      } catch (error) {
        if (!(error instanceof UserError)) {
          throw error;
        }
        return { inputs: news, failures: [{ property: "", reason: error.message }] };
      }
      return provider.check?.(olds, news) ?? { inputs: news };
    },
  };
}
