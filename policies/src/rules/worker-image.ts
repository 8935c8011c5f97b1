import { safe } from "@runpod-stack/kit";
import { knownImage } from "@runpod-stack/models";
import type { Knowledge } from "../knowledge";
import { isKnown, UNKNOWN } from "../known";
import { isOnlyListener, listeningServers } from "../listening";
import { doubt, type Finding, ofEndpoints, refusalIf, rule } from "../rule";
import { servingOf } from "../serving";
import type { EndpointSpec } from "../spec";
import { WORKER_MOUNT } from "../workers";

export const workerImage = rule({
  name: "worker-image",
  description:
    "Checks whether the workers take what their endpoint sends (jobs or HTTP requests), and whether RunPod's vLLM worker is configured.",
  severity: "high",
  level: "mandatory",
  why: "A model server such as vLLM's image answers HTTP requests and takes no jobs: behind a queue, jobs wait until they expire while workers are billed. RunPod's vLLM worker (runpod/worker-v1-vllm) takes jobs, and serves the model in env MODEL_NAME from a cache in /runpod-volume.",
  source:
    "RunPod docs, serverless/endpoints/overview and serverless/load-balancing/overview; runpod-workers/worker-vllm, docs/configuration.md and Dockerfile",
  remediationSteps:
    "Use the endpoint's type that fits the image, and the variables in the message.",
  options: {},
  hasDoubts: true,
  example: 'type: "QUEUE", imageName: "vllm/vllm-openai:v0.20.0"',
  check: ofEndpoints((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    if (!isKnown(serving)) {
      return [];
    }
    return serving.command.server === "worker-vllm"
      ? ofVllmWorker(spec, serving.model === undefined)
      : takesNoJobs(spec, knowledge);
  }),
});

function takesNoJobs(spec: EndpointSpec, knowledge: Knowledge): Finding[] {
  const { type = "QUEUE" } = spec;
  const [server, ...others] = listeningServers(spec, knowledge);
  // Another program in the container may take the jobs.
  if (type !== "QUEUE" || !server || others.length > 0 || !isOnlyListener(server, spec)) {
    return [];
  }
  return [
    refusalIf(
      spec.type !== undefined && isPublished(spec),
      "type",
      safe`type QUEUE must be LOAD_BALANCER for ${server.server}: it answers HTTP requests, and takes no jobs from RunPod's queue, so every job waits until it expires.`,
      safe`Set type to LOAD_BALANCER, with scalerType REQUEST_COUNT. For a queue, use a worker image such as runpod/worker-v1-vllm.`,
    ),
  ];
}

/** Whether the image is one whose ENTRYPOINT is known, and not one that was built from it. */
function isPublished({ imageName }: EndpointSpec): boolean {
  return isKnown(imageName) && knownImage(imageName) !== null;
}

function ofVllmWorker(spec: EndpointSpec, hasNoModel: boolean): Finding[] {
  const { entries, isWhole } = spec.env;
  const findings: Finding[] = [];
  if (spec.type === "LOAD_BALANCER") {
    const message = safe`type LOAD_BALANCER should be QUEUE for RunPod's vLLM worker: it takes jobs from a queue, and its vLLM server listens on the loopback interface only.`;
    const remedy = safe`Set type to QUEUE, whose URL ends in /openai/v1 for OpenAI clients. For a load balancer, use vllm/vllm-openai.`;
    findings.push(doubt("type", message, remedy));
  }
  const isSet = ["MODEL", "VLLM_CONFIG_FILE"].some((name) => entries[name] !== undefined);
  if (hasNoModel && isWhole && isPublished(spec) && !isSet) {
    const message = safe`env MODEL_NAME should be set: RunPod's vLLM worker serves the model that it names, and the image contains none.`;
    findings.push(
      doubt("env", message, safe`Set env MODEL_NAME to a model's name, such as "Qwen/Qwen3-8B".`),
    );
  }
  const { BASE_PATH: base } = entries;
  const moves = ["HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"];
  const isMoved = moves.some((name) => entries[name] !== undefined);
  if (base !== undefined && base !== UNKNOWN && base !== WORKER_MOUNT && !isMoved) {
    const message = safe`env BASE_PATH should not be used to move the cache: the image sets HF_HOME to a folder in ${WORKER_MOUNT} when it is built, so BASE_PATH changes nothing when a worker starts.`;
    findings.push(
      doubt("env", message, safe`Remove BASE_PATH, or set env HF_HOME and HUGGINGFACE_HUB_CACHE.`),
    );
  }
  return findings;
}
