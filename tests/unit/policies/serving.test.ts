// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
import { sizeModel } from "@runpod-stack/models";
import { UNKNOWN as UNKNOWN_INPUT } from "@runpod-stack/provider/schema";
import { type Knowledge, NOTHING } from "../../../policies/src/knowledge";
import { isKnown, UNKNOWN } from "../../../policies/src/known";
import {
  downloadedWith,
  type Serving,
  serverSpecOf,
  servingOf,
  unjudgedCommand,
} from "../../../policies/src/serving";
import { type ContainerSpec, specOf } from "../../../policies/src/spec";
import { HAPPY_POD, LOAD_BALANCER } from "./scene";

type Inputs = Readonly<Record<string, unknown>>;
const podOf = (inputs: Inputs = {}) => specOf("Pod", { ...HAPPY_POD, ...inputs }) as ContainerSpec;
const of = (inputs: Inputs = {}, knowledge: Knowledge = NOTHING) =>
  servingOf(podOf(inputs), knowledge);
/** What a pod serves that is known to serve something. */
function served(inputs: Inputs = {}, knowledge: Knowledge = NOTHING): Serving {
  const serving = of(inputs, knowledge);
  if (!isKnown(serving)) {
    throw new Error("It serves nothing that is known.");
  }
  return serving;
}
const script = (text: string) => ({ dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [text] });
const pulling = (...models: string[]) => ({
  imageName: "ollama/ollama:0.12.6",
  ...script(`ollama serve & ${models.map((model) => `ollama pull ${model}; `).join("")}wait`),
});
const gbOf = (model: string, quantization?: string) => {
  const { weightsGb } = sizeModel({ model, ...(quantization && { quantization }) });
  return weightsGb ?? Number.NaN;
};

describe("what a container serves", () => {
  test("is found once for a spec, as long as what is known stays the same", () => {
    const spec = podOf();
    expect(servingOf(spec, NOTHING)).toBe(servingOf(spec, NOTHING));
    const images = { "vllm/vllm-openai": "nginx:1" };
    expect(servingOf(spec, { ...NOTHING, images })).toBeUndefined();
    expect(serverSpecOf(spec, NOTHING)).toBe(serverSpecOf(spec, NOTHING));
    expect(serverSpecOf(spec, { ...NOTHING, images })).toMatchObject({ imageName: "nginx:1" });
  });

  test("is nothing without a model server", () => {
    expect(of({ imageName: "nginx:1.29", dockerStartCmd: [] })).toBeUndefined();
    expect(of({ imageName: undefined })).toBeUndefined();
  });

  test.each([
    { imageName: UNKNOWN_INPUT },
    { dockerStartCmd: UNKNOWN_INPUT },
    { dockerStartCmd: ["a/b", UNKNOWN_INPUT] },
    { dockerEntrypoint: UNKNOWN_INPUT },
    { dockerEntrypoint: ["vllm", UNKNOWN_INPUT] },
  ])("is not known while an input is not: %p", (inputs) => {
    expect(of(inputs)).toBe(UNKNOWN);
  });

  test("is not known if the command cannot be read, which has a reason", () => {
    const inputs = script("${A:-".repeat(20));
    expect(unjudgedCommand(podOf(inputs), NOTHING)).toMatch(/^it /);
    expect(of(inputs)).toBe(UNKNOWN);
    expect(unjudgedCommand(podOf(), NOTHING)).toBeUndefined();
    expect(unjudgedCommand(podOf({ imageName: UNKNOWN_INPUT }), NOTHING)).toBeUndefined();
  });

  test("uses the port that RunPod sets for a load balancer, unless the endpoint sets one", () => {
    const portOf = (env: Inputs) => {
      const spec = specOf("ServerlessEndpoint", { ...LOAD_BALANCER, env }) as ContainerSpec;
      const server = serverSpecOf(spec, NOTHING);
      return isKnown(server) ? server.env?.["PORT"] : undefined;
    };
    expect(portOf({})).toBe("80");
    expect(portOf({ PORT: "8000" })).toBe("8000");
    const pod = serverSpecOf(podOf({ env: {} }), NOTHING);
    expect(pod).toMatchObject({ env: {} });
    expect(pod).not.toHaveProperty("dockerEntrypoint");
  });
});

describe("the model", () => {
  test("is in the command, or not named", () => {
    expect(served().model).toBe("Qwen/Qwen3.8-27B");
    expect(served({ dockerStartCmd: undefined }).model).toBeUndefined();
  });

  test("is not known while the variables are not", () => {
    expect(served({ dockerStartCmd: undefined, env: UNKNOWN_INPUT }).model).toBe(UNKNOWN);
    const inputs = { ...script("vllm serve $MODEL"), env: { MODEL: UNKNOWN_INPUT } };
    expect(served(inputs)).toMatchObject({ model: UNKNOWN, served: undefined, size: undefined });
  });

  test.each(["/models/a", "./a", "~/a"])("has no size and no cache as a path: %s", (model) => {
    const { served: size, cache, files } = served({ dockerStartCmd: [model] });
    expect([size, cache, files]).toEqual([undefined, undefined, []]);
  });

  test("has the size for its context and quantization, and the user's figures", () => {
    expect(served().size).toMatchObject({ weightsGb: gbOf("Qwen/Qwen3.8-27B"), tokens: 16_384 });
    const models = { "acme/x": { parametersB: 10 } };
    const loadedGb = (...more: string[]) =>
      served({ dockerStartCmd: ["acme/x", ...more] }, { ...NOTHING, models }).served?.loadedGb ?? 0;
    expect(loadedGb()).toBeGreaterThan(19);
    expect(loadedGb("--quantization", "fp8")).toBeLessThan(12);
  });
});

describe("several models", () => {
  const DRAFT = "meta-llama/Llama-3.1-8B-Instruct";
  const drafting = (draft: string, env: Inputs = {}) => ({
    dockerStartCmd: ["Qwen/Qwen3.8-27B", "--speculative-config", `{"model":"${draft}"}`],
    env,
  });

  test("are loaded and downloaded together", () => {
    const { served: loaded, size } = served(drafting(DRAFT));
    const both = gbOf("Qwen/Qwen3.8-27B") + gbOf(DRAFT);
    expect(loaded?.loadedGb).toBeCloseTo(both);
    expect(size?.weightsGb).toBeCloseTo(both);
    expect(size?.cacheGb).toBeCloseTo(66.2 + gbOf(DRAFT) * 1.1);
    expect(size?.diskGb).toBeCloseTo(87 + gbOf(DRAFT) * 1.1);
  });

  test("count only if they have a known size", () => {
    for (const draft of ["./Llama-3.1-8B", "acme/secret"]) {
      expect(served(drafting(draft)).size?.weightsGb).toBeCloseTo(gbOf("Qwen/Qwen3.8-27B"));
    }
    const pulled = { ...pulling("llama3.3:70b", "$MODEL:8b"), env: { MODEL: UNKNOWN_INPUT } };
    expect(served(pulled).setup.companions).toHaveLength(1);
    expect(served(pulled).size?.weightsGb).toBe(served(pulling("llama3.3:70b")).size?.weightsGb);
    const unsized = {
      ...drafting(DRAFT),
      dockerStartCmd: ["acme/secret", ...drafting(DRAFT).dockerStartCmd.slice(1)],
    };
    expect(served(unsized)).toMatchObject({
      served: { loadedGb: null },
      size: { weightsGb: null },
    });
  });

  test("are loaded one at a time by Ollama, and all downloaded", () => {
    const { served: loaded, size } = served(pulling("gpt-oss:120b", "llama3.3:70b"));
    expect(loaded?.loadedGb).toBeCloseTo(68.3, 1);
    expect(size?.weightsGb).toBeGreaterThan(100);
  });

  test("have a common margin, weighted by size", () => {
    const size = (weightsGb: number | null, margin: number) =>
      ({ weightsGb, margin, cacheGb: weightsGb, diskGb: weightsGb }) as ReturnType<
        typeof sizeModel
      >;
    expect(downloadedWith(size(100, 0), [size(100, 0.2), size(null, 0.5)])).toMatchObject({
      weightsGb: 200,
      cacheGb: 210,
      diskGb: 210,
      margin: 0.1,
    });
    for (const missing of ["weightsGb", "cacheGb", "diskGb"]) {
      const unknown = { ...size(100, 0), [missing]: null };
      expect(downloadedWith(unknown, [size(100, 0)])).toBe(unknown);
    }
  });
});

describe("the mounted volume", () => {
  test.each<[Inputs, unknown]>([
    [{}, { path: "/root/.cache/huggingface", kind: "persistent", sizeGb: 100 }],
    [{ volumeMountPath: undefined }, { path: "/workspace", kind: "persistent", sizeGb: 100 }],
    [
      { volumeInGb: UNKNOWN_INPUT, volumeMountPath: "/a" },
      { path: "/a", kind: "persistent", sizeGb: UNKNOWN },
    ],
    [
      { networkVolumeId: "x", volumeMountPath: "/a" },
      { path: "/a", kind: "network", sizeGb: UNKNOWN },
    ],
    [
      { networkVolumeId: UNKNOWN_INPUT, volumeInGb: undefined, volumeMountPath: "/a" },
      { path: "/a", kind: "network", sizeGb: UNKNOWN },
    ],
    [{ volumeInGb: undefined }, undefined],
    [{ volumeInGb: undefined, volumeMountPath: UNKNOWN_INPUT }, undefined],
    [{ volumeMountPath: UNKNOWN_INPUT }, UNKNOWN],
  ])("of %p is %p", (inputs, mount) => {
    expect(served(inputs).mount).toEqual(mount);
  });
});

describe("the cache", () => {
  const isMounted = (inputs: Inputs) => served(inputs).cacheIsMounted;

  test("is on the volume that is mounted there", () => {
    expect(isMounted({})).toBe(true);
    expect(isMounted({ volumeMountPath: "/workspace" })).toBe(false);
    expect(isMounted({ volumeInGb: undefined })).toBe(false);
    expect(isMounted({ dockerStartCmd: ["/models/a"] })).toBe(false);
  });

  test("does not exist for a server that stores no weights", () => {
    const dockerStartCmd = ["s3://bucket/m", "--load-format", "runai_streamer"];
    expect(served({ dockerStartCmd })).toMatchObject({ cache: undefined, cacheIsMounted: false });
  });

  test("is not known while the variables or the path are not", () => {
    expect(isMounted({ volumeMountPath: UNKNOWN_INPUT })).toBe(UNKNOWN);
    expect(served({ env: UNKNOWN_INPUT }).cache).toBe(UNKNOWN);
    expect(isMounted({ env: UNKNOWN_INPUT })).toBe(UNKNOWN);
    expect(served({ env: { HF_HOME: UNKNOWN_INPUT } }).cache).toBe(UNKNOWN);
    expect(
      isMounted({
        volumeMountPath: "/x",
        imageName: "acme/x:1",
        dockerStartCmd: ["vllm", "serve", "a/b"],
      }),
    ).toBe(UNKNOWN);
  });

  test("is known from the command, whatever the variables are", () => {
    const dockerStartCmd = ["Qwen/Qwen3.8-27B", "--download-dir", "/data"];
    expect(served({ dockerStartCmd, env: UNKNOWN_INPUT }).cache).toMatchObject({ path: "/data" });
  });
});

describe("the downloaded files", () => {
  test("are those of all models, each with its size", () => {
    const sizes = served(pulling("gpt-oss:120b", "llama3.3:70b")).files.map(({ name, size }) => [
      name,
      Math.round(size.weightsGb ?? 0),
    ]);
    expect(sizes).toEqual([
      ["gpt-oss:120b", 68],
      ["llama3.3:70b", 44],
    ]);
  });

  test.each(["Q8_0", "q8_0", "IQ4_XS", "BF16", "F16", "MXFP4"])(
    "have the size of their GGUF type: %s",
    (type) => {
      const inputs = {
        imageName: "ghcr.io/ggml-org/llama.cpp:server-cuda",
        dockerStartCmd: ["-hf", `acme/some-32B-GGUF:${type}`],
      };
      const [file] = served(inputs).files;
      expect(file?.size.weightsGb).toBeCloseTo(gbOf(`acme/some-32B-GGUF:${type}`, type));
    },
  );

  test.each([
    ["fp8", 21],
    ["bitsandbytes", 21],
    ["awq", 7.3],
    ["gptq", 7.3],
  ])("have the size that they are stored with: --quantization %s", (quantization, gb) => {
    const dockerStartCmd = ["acme/x-10b", "--quantization", quantization];
    const { files, size } = served({ dockerStartCmd });
    expect(files[0]?.size.weightsGb).toBeCloseTo(gb, 1);
    expect(size?.weightsGb).toBeCloseTo(gb, 1);
  });

  test("use the user's figures", () => {
    const models = { "acme/x": { weightsGb: 12 } };
    const { files } = served({ dockerStartCmd: ["acme/x"] }, { ...NOTHING, models });
    expect(files[0]?.size.weightsGb).toBe(12);
  });

  test("are left out while the variables are not known", () => {
    expect(served({ env: UNKNOWN_INPUT }).files).toEqual([]);
    expect(served({ env: { HF_HOME: UNKNOWN_INPUT } }).files).toEqual([]);
    expect(served({ ...script("vllm serve $M"), env: { M: UNKNOWN_INPUT } }).files).toEqual([]);
  });
});
