import { UNKNOWN } from "@runpod-stack/provider/schema";
import { ofEndpoint, ofPod, ofTemplate, options } from "../scene";

describe("image-pinned", () => {
  const judged = (imageName: string) => ofPod("image-pinned", { imageName });

  test("accepts a release or a digest", () => {
    expect(ofPod("image-pinned")).toEqual([]);
    expect(judged(`vllm/vllm-openai@sha256:${"0".repeat(64)}`)).toEqual([]);
  });

  test.each(["vllm/vllm-openai:latest", "vllm/vllm-openai", "ghcr.io/acme/serve:main"])(
    "advises against %s",
    (imageName) => {
      expect(judged(imageName)[0]).toMatch(
        /^advisory: imageName .* must name a release or a digest/,
      );
    },
  );

  test("reports what cannot be checked for a server's image", () => {
    expect(judged("vllm/vllm-openai:latest")).toEqual([
      "advisory: imageName vllm/vllm-openai:latest must name a release or a digest: the image behind this tag changes without a diff, and its host requirements cannot be checked. Use the tag of a release, such as v0.20.0, or a digest (@sha256:…).",
    ]);
    expect(judged("nginx:latest")).toEqual([
      "advisory: imageName nginx:latest must name a release or a digest: the image behind this tag changes without a diff. Use the tag of a release, such as v0.20.0, or a digest (@sha256:…).",
    ]);
    expect(ofPod("image-pinned", { imageName: UNKNOWN })).toEqual([]);
  });
});

describe("secret-env", () => {
  const judged = (env: unknown, config = {}) => ofPod("secret-env", { env }, config);
  const value = "a-very-private-value";

  test("accepts references, and variables that are not secrets", () => {
    expect(ofPod("secret-env")).toEqual([]);
    expect(judged({ HF_TOKEN: "{{ RUNPOD_SECRET_hf }}" })).toEqual([]);
    expect(judged({ HF_TOKEN: "{{ RUNPOD_SECRET_hf-token-0a1b2c3d4e }}" })).toEqual([]);
    expect(judged({ TOKENIZERS_PARALLELISM: "false", MAX_TOKENS: "512", API_KEY: "" })).toEqual([]);
    expect(judged({ HF_TOKEN_PATH: "/run/token", PUBLIC_KEY: "ssh-ed25519 AAAA" })).toEqual([]);
  });

  test.each(["HF_TOKEN", "VLLM_API_KEY", "DB_PASSWORD", "AWS_SECRET_ACCESS_KEY", "OPENAI_APIKEY"])(
    "advises against %s in plain text, and does not repeat it",
    (name) => {
      const [advice] = judged({ [name]: value });
      expect(advice).toMatch(new RegExp(`^advisory: env ${name} must be a reference`));
      expect(advice).toContain(`{{ RUNPOD_SECRET_${name} }}`);
      expect(advice).not.toContain(value);
    },
  );

  test("names the variable, the resource and the reference to write", () => {
    const advice = (what: string) =>
      `advisory: env HF_TOKEN must be a reference to a RunPod secret: every RunPod API response about the ${what} shows its value in plain text. Store the value in a Secret, and set HF_TOKEN to runpodSecret(secret). For a secret named HF_TOKEN, that is {{ RUNPOD_SECRET_HF_TOKEN }}.`;
    const env = { HF_TOKEN: value };
    expect(judged(env)).toEqual([advice("pod")]);
    expect(ofTemplate("secret-env", { env })).toEqual([advice("template")]);
    expect(ofEndpoint("secret-env", { env })).toEqual([advice("endpoint")]);
  });

  test.each([
    ...["TOKEN", "SECRET", "PASSWORD", "PASSWD", "API_KEY", "APIKEY", "ACCESS_KEY"],
    ...["SECRET_KEY", "PRIVATE_KEY"],
  ])("recognizes %s at the end of a name", (name) => {
    expect(judged({ [name]: value, [`MY_${name}`]: value, [`my_${name}`]: value })).toHaveLength(3);
    expect(judged({ [`${name}_PATH`]: value, [`NO${name}`]: value })).toEqual([]);
  });

  test.each([
    `hf_${"a".repeat(20)}`,
    `sk-${"a-_9".repeat(5)}`,
    `rpa_${"A".repeat(20)}`,
    `ghp_${"a".repeat(20)}`,
    `AKIA${"A9".repeat(8)}`,
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
  ])("recognizes %s by its format", (secret) => {
    expect(judged({ SETTINGS: secret })).toHaveLength(1);
    const inside = secret.startsWith("-----") ? "-----BEGIN CERTIFICATE-----" : `x${secret}`;
    expect(judged({ SETTINGS: inside })).toEqual([]);
  });

  test.each(["hf_transfer", "sk-short", "rpa_x", "ghp_x", "AKIAX", `AKIA${"A".repeat(17)}`])(
    "does not take %s for a secret",
    (text) => {
      expect(judged({ SETTINGS: text })).toEqual([]);
    },
  );

  test("accepts a reference with or without spaces, and a value that is not known", () => {
    expect(judged({ HF_TOKEN: "{{RUNPOD_SECRET_hf}}" })).toEqual([]);
    expect(judged({ HF_TOKEN: "{{  RUNPOD_SECRET_hf  }}" })).toEqual([]);
    expect(judged({ HF_TOKEN: "{{ hf }}" })).toHaveLength(1);
    expect(judged({ HF_TOKEN: UNKNOWN })).toEqual([]);
  });

  test("ignores the configured names", () => {
    expect(
      judged({ PAGE_TOKEN: value }, options("secret-env", { ignore: ["PAGE_TOKEN"] })),
    ).toEqual([]);
  });

  test("advises against a key in the command", () => {
    const inCommand = (...dockerStartCmd: string[]) => ofPod("secret-env", { dockerStartCmd });
    expect(inCommand("Qwen/Qwen3-8B", "--api-key", value)).toEqual([
      "advisory: dockerStartCmd must not contain the server's key: the process list and every RunPod API response about the pod show it. Store the key in a Secret, and pass it in an environment variable as runpodSecret(secret).",
    ]);
    expect(inCommand("-c", `vllm serve Qwen/Qwen3-8B --api-key '${value}'`)).toHaveLength(1);
    expect(inCommand("-c", `vllm serve Qwen/Qwen3-8B --api-key  ${value}`)).toHaveLength(1);
    expect(inCommand("Qwen/Qwen3-8B", "--api-key", "{{RUNPOD_SECRET_k}}")).toEqual([]);
    expect(inCommand("--api-key", value)).toHaveLength(1);
    expect(inCommand("Qwen/Qwen3-8B", "--api-key", "{{ RUNPOD_SECRET_k }}")).toEqual([]);
    expect(inCommand("Qwen/Qwen3-8B", "--no-api-key", value)).toEqual([]);
    expect(inCommand("Qwen/Qwen3-8B", "--api-key")).toEqual([]);
    expect(inCommand("-c", `vllm serve Qwen/Qwen3-8B --api-key=${value}`)).toHaveLength(1);
    expect(inCommand("-c", 'vllm serve Qwen/Qwen3-8B --api-key "$KEY"')).toEqual([]);
  });
});

describe("public-endpoint-auth", () => {
  const judged = (changes: Record<string, unknown>) => ofPod("public-endpoint-auth", changes);

  test("accepts a server with a key, or without a public port", () => {
    expect(ofPod("public-endpoint-auth")).toEqual([]);
    expect(judged({ env: {}, ports: ["22/tcp"] })).toEqual([]);
    const dockerStartCmd = ["Qwen/Qwen3-8B", "--api-key", "k"];
    expect(judged({ env: {}, dockerStartCmd })).toEqual([]);
  });

  test("advises against an open server, and reports how to set a key", () => {
    expect(judged({ env: {} })).toEqual([
      "advisory: ports 8000/http must not be open without a key: everyone who learns the URL can use Qwen/Qwen3.8-27B at your expense. Set env VLLM_API_KEY to {{ RUNPOD_SECRET_<name> }}, and pass the same key to PodEndpoint as apiKey.",
    ]);
    expect(judged({ env: UNKNOWN })).toEqual([]);
    expect(ofTemplate("public-endpoint-auth", { env: {} })).toHaveLength(1);
  });

  test("checks the port that the server listens on", () => {
    const dockerStartCmd = ["Qwen/Qwen3-8B", "--port", "9000"];
    expect(judged({ env: {}, dockerStartCmd })).toEqual([]);
    expect(judged({ env: {}, dockerStartCmd, ports: ["9000/tcp"] })).toHaveLength(1);
    const all = { env: {}, ports: ["8000/http", "8000/tcp", "80/http"] };
    expect(judged(all)[0]).toContain("ports 8000/http and 8000/tcp must not be open");
  });

  test("takes every HTTP port for the server's where its port is not known", () => {
    const dockerStartCmd = ["Qwen/Qwen3-8B", "--port", "$PORT"];
    const [advice] = judged({ env: {}, dockerStartCmd, ports: ["80/http", "8000/tcp"] });
    expect(advice).toContain("ports 80/http must not be open");
  });

  test.each([
    ["lmsysorg/sglang:v0.5.23", "python3 -m sglang.launch_server --model-path a/b", "--api-key"],
    ["ghcr.io/huggingface/text-generation-inference:3.3.4", "--model-id a/b", "env API_KEY"],
    ["ghcr.io/huggingface/text-embeddings-inference:1.8", "--model-id a/b", "env API_KEY"],
    ["michaelf34/infinity:0.0.76", "v2 --model-id a/b", "env INFINITY_API_KEY"],
    ["openmmlab/lmdeploy:v0.9.0", "lmdeploy serve api_server a/b", "--api-keys"],
    ["ghcr.io/ggml-org/llama.cpp:server-cuda", "-hf a/b", "env LLAMA_API_KEY"],
    ["koboldai/koboldcpp:latest", "koboldcpp --model a.gguf", "--password"],
    ["acme/x:1", "mlc_llm serve HF://a/b", "--api-key"],
  ])("reports how to set a key for %s", (imageName, command, setting) => {
    const where = setting.startsWith("--") ? `${setting} in dockerStartCmd` : setting;
    const ports = ["80", "5001", "7997", "8000", "8080", "23333", "30000"];
    const exposed = { env: {}, ports: ports.map((port) => `${port}/http`) };
    expect(judged({ imageName, dockerStartCmd: command.split(" "), ...exposed })).toEqual([
      expect.stringContaining(`Set ${where} to {{ RUNPOD_SECRET_<name> }}, and pass`),
    ]);
  });

  test("reports the alternative for a server that does not support keys", () => {
    const ollama = { imageName: "ollama/ollama:0.12.0", dockerStartCmd: undefined };
    expect(judged({ ...ollama, ports: ["11434/http"] })).toEqual([
      "advisory: ports 11434/http must not be open without a key: everyone who learns the URL can use the model at your expense. ollama does not support keys: put a proxy that requires one in front of it, or expose no port and use an SSH tunnel.",
    ]);
  });
});

describe("reserved-env", () => {
  const judged = (env: unknown, more = {}) => ofPod("reserved-env", { env, ...more });

  test("accepts other variables", () => {
    expect(ofPod("reserved-env")).toEqual([]);
    expect(judged({ RUNPOD_STACK_TOKEN: "x", VLLM_LOGGING_LEVEL: "DEBUG" })).toEqual([]);
  });

  test("advises against variables of RunPod and vLLM", () => {
    expect(judged({ RUNPOD_POD_ID: "x", VLLM_PORT: "8000" })).toEqual([
      "advisory: env RUNPOD_POD_ID must not be set: RunPod sets it in every container. Remove RUNPOD_POD_ID, or choose another name.",
      "advisory: env VLLM_PORT must not be set: vLLM uses it for communication between its processes, not for its API. Remove VLLM_PORT, and use --port and --host in dockerStartCmd.",
    ]);
    expect(judged({ VLLM_HOST_IP: "10.0.0.1" })).toHaveLength(1);
  });

  test.each([
    ...["DC_ID", "POD_HOSTNAME", "GPU_COUNT", "CPU_COUNT", "PUBLIC_IP", "TCP_PORT_22"],
    ...["TCP_PORT_70000", "VOLUME_ID", "API_KEY"],
  ])("knows RUNPOD_%s", (name) => {
    expect(judged({ [`RUNPOD_${name}`]: "x" })).toHaveLength(1);
  });

  test("knows the variables of RunPod's images, and no longer names", () => {
    expect(judged({ CUDA_VERSION: "x", PYTORCH_VERSION: "x" })).toHaveLength(2);
    expect(
      judged({ MY_CUDA_VERSION: "x", CUDA_VERSION_2: "x", RUNPOD_TCP_PORT_123456: "x" }),
    ).toEqual([]);
  });

  test("accepts vLLM's variables for other servers", () => {
    expect(judged({ VLLM_PORT: "8000" }, { imageName: "nginx:1.29", dockerStartCmd: [] })).toEqual(
      [],
    );
  });
});

describe("ssh-exposure", () => {
  test("accepts a pod that does not expose SSH", () => {
    expect(ofPod("ssh-exposure")).toEqual([]);
  });

  test("advises against 22/tcp", () => {
    expect(ofPod("ssh-exposure", { ports: ["8000/http", "22/tcp"] })).toEqual([
      "advisory: ports 22/tcp should not be exposed: it opens the container's SSH server to the internet, and RunPod's SSH proxy provides a shell without it. Remove it. If you need it for file copies or tunnels, allow only SSH keys.",
    ]);
  });
});
