import { notFound } from "../core/problem";
import { createTemplate, deleteTemplate, ownTemplate, updateTemplate } from "../objects/templates";
import { createFirst, ownPod } from "../pods/create";
import { checkUnlocked, startPod, stopPod, terminatePod } from "../pods/lifecycle";
import type { Account, Template } from "../state/store";
import type { World } from "../state/world";
import { objectMutations } from "./graphql-object-mutations";
import {
  cpuPodRequests,
  type DeployInput,
  gpuPodRequests,
  type SaveTemplateInput,
  templateRequest,
} from "./graphql-requests";
import { podView, templateView, userView } from "./graphql-views";

interface ById {
  input: { podId: string };
}

/** What runpodctl and the Python SDK change; an action that is already done changes nothing. */
export function mutations(world: World, account: Account) {
  return {
    podFindAndDeployOnDemand: ({ input }: { input: DeployInput }) =>
      podView(world, account, createFirst(world, account, gpuPodRequests(input ?? {}))),
    deployCpuPod: ({ input }: { input: DeployInput }) =>
      podView(world, account, createFirst(world, account, cpuPodRequests(input ?? {}))),
    podStop: ({ input }: ById) => {
      const pod = ownPod(account, input.podId);
      checkUnlocked(pod, "stop");
      stopPod(world, account, pod);
      return podView(world, account, pod);
    },
    podResume: ({ input }: ById) => {
      const pod = ownPod(account, input.podId);
      if (!pod.life) {
        startPod(world, account, pod);
      }
      return podView(world, account, pod);
    },
    podTerminate: ({ input }: ById) => {
      const pod = ownPod(account, input.podId);
      checkUnlocked(pod, "terminate");
      terminatePod(world, account, pod);
      return null;
    },
    saveTemplate: ({ input }: { input: SaveTemplateInput }) =>
      templateView(saveTemplate(world, account, input)),
    deleteTemplate: ({ templateName }: { templateName: string }) => {
      const template = [...account.templates.all()].find(({ name }) => name === templateName);
      if (!template) {
        throw notFound("template", templateName);
      }
      deleteTemplate(world, account, template);
      return null;
    },
    updateUserSettings: ({ input }: { input: { pubKey?: string | null } }) => {
      if (typeof input?.pubKey === "string") {
        account.sshKeys = input.pubKey.split("\n").filter((key) => key.trim() !== "");
      }
      return userView(world, account);
    },
    ...objectMutations(world, account),
  };
}

function saveTemplate(world: World, account: Account, input: SaveTemplateInput): Template {
  const fields = templateRequest(input);
  return input.id
    ? updateTemplate(account, ownTemplate(account, input.id), fields)
    : createTemplate(world, account, fields);
}
