import { ofPod, ofTemplate, options } from "../scene";

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
    expect(judged("vllm/vllm-openai:latest")[0]).toContain("host requirements cannot be checked");
    expect(judged("nginx:latest")[0]).not.toContain("cannot be checked");
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

  test("recognizes secrets by their format, too", () => {
    expect(judged({ SETTINGS: `hf_${"a".repeat(30)}` })).toHaveLength(1);
    expect(judged({ SETTINGS: "hf_transfer" })).toEqual([]);
  });

  test("ignores the configured names", () => {
    expect(
      judged({ PAGE_TOKEN: value }, options("secret-env", { ignore: ["PAGE_TOKEN"] })),
    ).toEqual([]);
  });

  test("advises against a key in the command", () => {
    const inCommand = (...dockerStartCmd: string[]) => ofPod("secret-env", { dockerStartCmd });
    const [advice] = inCommand("Qwen/Qwen3-8B", "--api-key", value);
    expect(advice).toMatch(/^advisory: dockerStartCmd must not contain the server's key/);
    expect(advice).not.toContain(value);
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
    const [advice] = judged({ env: {} });
    expect(advice).toMatch(/^advisory: ports 8000\/http must not be open without a key/);
    expect(advice).toContain("Set env VLLM_API_KEY");
    expect(ofTemplate("public-endpoint-auth", { env: {} })).toHaveLength(1);
  });

  test("checks the port that the server listens on", () => {
    const dockerStartCmd = ["Qwen/Qwen3-8B", "--port", "9000"];
    expect(judged({ env: {}, dockerStartCmd })).toEqual([]);
    expect(judged({ env: {}, dockerStartCmd, ports: ["9000/tcp"] })).toHaveLength(1);
  });

  test("reports the alternative for a server that does not support keys", () => {
    const ollama = { imageName: "ollama/ollama:0.12.0", dockerStartCmd: undefined };
    expect(judged({ ...ollama, ports: ["11434/http"] })[0]).toContain(
      "ollama does not support keys",
    );
  });
});

describe("reserved-env", () => {
  const judged = (env: unknown, more = {}) => ofPod("reserved-env", { env, ...more });

  test("accepts other variables", () => {
    expect(ofPod("reserved-env")).toEqual([]);
    expect(judged({ RUNPOD_STACK_TOKEN: "x", VLLM_LOGGING_LEVEL: "DEBUG" })).toEqual([]);
  });

  test("advises against variables of RunPod and vLLM", () => {
    expect(judged({ RUNPOD_POD_ID: "x" })[0]).toMatch(
      /^advisory: env RUNPOD_POD_ID must not be set/,
    );
    expect(judged({ RUNPOD_TCP_PORT_70000: "1" })).toHaveLength(1);
    expect(judged({ VLLM_PORT: "8000" })[0]).toContain("use --port and --host");
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
    const [advice] = ofPod("ssh-exposure", { ports: ["8000/http", "22/tcp"] });
    expect(advice).toMatch(/^advisory: ports 22\/tcp should not be exposed/);
  });
});
