import { safe } from "@runpod-stack/kit";
import { imageFacts } from "@runpod-stack/models";
import { knownImage } from "../knowledge";
import { isKnown, knownItems } from "../known";
import { type Finding, ofContainers, refusal, rule } from "../rule";
import { servingOf } from "../serving";
import { enumerate, modelName } from "../words";

export const imagePinned = rule({
  name: "image-pinned",
  description: "Checks whether the image is pinned to a release or a digest.",
  severity: "medium",
  level: "advisory",
  why: "A tag such as latest may mean a different image tomorrow, with different CUDA requirements and flags, and no diff shows it.",
  source:
    "the CUDA and ENTRYPOINT changes between vLLM releases v0.9.0, v0.11.1, v0.15.0 and v0.20.0",
  remediationSteps: "Use a release, such as vllm/vllm-openai:v0.20.0, or a digest.",
  options: {},
  example: 'imageName: "vllm/vllm-openai:latest"',
  check: ofContainers((spec, _options, knowledge) => {
    if (!isKnown(spec.imageName) || imageFacts(spec.imageName).pinned) {
      return [];
    }
    const known = imageFacts(knownImage(spec.imageName, knowledge));
    const lost = known.server === null ? "" : ", and its host requirements cannot be checked";
    const message = safe`imageName ${spec.imageName} must name a release or a digest: the image behind this tag changes without a diff${lost}.`;
    return [
      refusal(
        "imageName",
        message,
        safe`Use the tag of a release, such as v0.20.0, or a digest (@sha256:…).`,
      ),
    ];
  }),
});

export const secretEnv = rule<{ readonly ignore: readonly string[] }>({
  name: "secret-env",
  description: "Checks whether tokens are references to RunPod secrets.",
  severity: "high",
  level: "advisory",
  why: "Every API response about a pod includes its env, and everyone who can list the account's pods can read it. A reference to a secret is resolved only when the pod starts.",
  source: "RunPod docs, pods/templates/secrets; REST API v2, GET /pods",
  remediationSteps:
    "Store the value in a Secret, and set the variable to runpodSecret(secret), which is {{ RUNPOD_SECRET_<name> }}.",
  options: {
    ignore: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Names of variables that look like secrets but are not.",
    },
  },
  example: 'env: { HF_TOKEN: "hf_…" }',
  check: ofContainers((spec, { ignore }) => {
    const names = Object.entries(spec.env.entries)
      .filter(([name, value]) => typeof value === "string" && isLiteralSecret(name, value))
      .map(([name]) => name)
      .filter((name) => !ignore.includes(name));
    const findings = names.map((name) =>
      refusal(
        "env",
        safe`env ${name} must be a reference to a RunPod secret: every RunPod API response about the pod shows its value in plain text.`,
        safe`Store the value in a Secret, and set ${name} to runpodSecret(secret). For a secret named ${name}, that is {{ RUNPOD_SECRET_${name} }}.`,
      ),
    );
    return hasKeyInCommand(knownItems(spec.dockerStartCmd))
      ? [...findings, keyInCommand()]
      : findings;
  }),
});

export const publicEndpointAuth = rule({
  name: "public-endpoint-auth",
  description: "Checks whether a model server at a public URL requires a key.",
  severity: "high",
  level: "advisory",
  why: "Anyone who learns or guesses the proxy URL can use the GPU behind it. Even with a key, vLLM answers routes outside /v1 without it: /invocations runs the model for anyone, and /tokenize, /metrics, /load and /docs are open.",
  source: "RunPod docs, pods/configuration/expose-ports; vLLM docs, usage/security",
  remediationSteps: "Set a key for the server; for vLLM, with env VLLM_API_KEY.",
  options: {},
  example: 'ports: ["8000/http"] // no env: { VLLM_API_KEY: … }',
  check: ofContainers((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    if (!isKnown(serving) || !spec.env.isWhole) {
      return [];
    }
    const { asksForKey, port, server } = serving.command;
    const exposed = knownItems(spec.ports).filter((entry) =>
      port === null ? entry.endsWith("/http") : entry.startsWith(`${port}/`),
    );
    if (asksForKey !== false || exposed.length === 0) {
      return [];
    }
    const key = KEY_VARIABLES[server];
    const remedy =
      key === undefined
        ? safe`${server} does not support keys: put a proxy that requires one in front of it, or expose no port and use an SSH tunnel.`
        : safe`Set ${key} to {{ RUNPOD_SECRET_<name> }}, and pass the same key to PodEndpoint as apiKey.`;
    const message = safe`ports ${enumerate(exposed)} must not be open without a key: everyone who learns the URL can use ${modelName(serving)} at your expense.`;
    return [refusal("ports", message, remedy)];
  }),
});

export const reservedEnv = rule({
  name: "reserved-env",
  description: "Checks whether env avoids variables that RunPod or the server reserves.",
  severity: "medium",
  level: "advisory",
  why: "RunPod sets its own variables in every pod, and vLLM uses VLLM_PORT and VLLM_HOST_IP for communication between its processes, not for its API.",
  source: "RunPod docs, pods/templates/environment-variables; vLLM docs, configuration/env_vars",
  remediationSteps: "Rename the variable; set vLLM's address with --host and --port.",
  options: {},
  example: 'env: { VLLM_PORT: "8000" }',
  check: ofContainers((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    const isVllm = isKnown(serving) && /vllm/.test(serving.command.server);
    return Object.keys(spec.env.entries).flatMap((name): Finding[] => {
      if (PREDEFINED.test(name)) {
        const message = safe`env ${name} must not be set: RunPod sets it in every pod.`;
        return [refusal("env", message, safe`Remove ${name}, or choose another name.`)];
      }
      if (!isVllm || !VLLM_INTERNAL.includes(name)) {
        return [];
      }
      const message = safe`env ${name} must not be set: vLLM uses it for communication between its processes, not for its API.`;
      return [
        refusal("env", message, safe`Remove ${name}, and use --port and --host in dockerStartCmd.`),
      ];
    });
  }),
});

export const sshExposure = rule({
  name: "ssh-exposure",
  description: "Checks whether SSH is kept off the public internet.",
  severity: "low",
  level: "advisory",
  why: "22/tcp exposes the container's SSH server at a public address, where bots find and attack it within minutes. RunPod's SSH proxy works without an exposed port; only file copies and tunnels need one.",
  source: "RunPod docs, pods/configuration/use-ssh",
  remediationSteps:
    "Remove 22/tcp, and connect with PodEndpoint's sshCommand, which uses the proxy.",
  options: {},
  example: 'ports: ["8000/http", "22/tcp"]',
  check: ofContainers((spec) => {
    if (!knownItems(spec.ports).includes("22/tcp")) {
      return [];
    }
    const message = safe`ports 22/tcp should not be exposed: it opens the container's SSH server to the internet, and RunPod's SSH proxy provides a shell without it.`;
    return [
      refusal(
        "ports",
        message,
        safe`Remove it. If you need it for file copies or tunnels, allow only SSH keys.`,
      ),
    ];
  }),
});

const KEY_VARIABLES: Readonly<Record<string, string>> = {
  vllm: "env VLLM_API_KEY",
  sglang: "--api-key in dockerStartCmd",
  tgi: "env API_KEY",
  tei: "env API_KEY",
  infinity: "env INFINITY_API_KEY",
  lmdeploy: "--api-keys in dockerStartCmd",
  mlc: "--api-key in dockerStartCmd",
  koboldcpp: "--password in dockerStartCmd",
  "llama.cpp": "env LLAMA_API_KEY",
};

const PREDEFINED =
  /^(RUNPOD_(POD_ID|DC_ID|POD_HOSTNAME|GPU_COUNT|CPU_COUNT|PUBLIC_IP|TCP_PORT_\d{1,5}|VOLUME_ID|API_KEY)|CUDA_VERSION|PYTORCH_VERSION)$/;
const VLLM_INTERNAL = ["VLLM_PORT", "VLLM_HOST_IP"];

/** Names of variables with secrets. A longer name, such as HF_TOKEN_PATH, is not one. */
const SECRET_NAME =
  /(^|_)(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY)$/i;
/** Values with the format of a secret. */
const SECRET_VALUE =
  /^(hf_[A-Za-z0-9]{20}|sk-[A-Za-z0-9_-]{20}|rpa_[A-Za-z0-9]{20}|gh[pousr]_[A-Za-z0-9]{20}|AKIA[A-Z0-9]{16}$)|-----BEGIN [A-Z ]{0,40}PRIVATE KEY/;
const REFERENCE = /\{\{\s{0,9}RUNPOD_SECRET_[\w./-]+\s{0,9}\}\}/;

function isLiteralSecret(name: string, value: string): boolean {
  if (value === "" || REFERENCE.test(value)) {
    return false;
  }
  return SECRET_NAME.test(name) || SECRET_VALUE.test(value);
}

/** Whether the command contains a literal key after --api-key. */
function hasKeyInCommand(command: readonly string[]): boolean {
  const given = /(?:^|\s)--api-key[=\s]+["']?([^\s"']+)/.exec(command.join(" "))?.[1];
  return given !== undefined && !given.startsWith("$") && !given.startsWith("{{");
}

function keyInCommand(): Finding {
  return refusal(
    "dockerStartCmd",
    safe`dockerStartCmd must not contain the server's key: the process list and every RunPod API response about the pod show it.`,
    safe`Store the key in a Secret, and pass it in an environment variable as runpodSecret(secret).`,
  );
}
