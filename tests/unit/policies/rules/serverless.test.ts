import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_ENDPOINT, item, LOAD_BALANCER, ofEndpoint, options, said } from "../scene";

const WITHOUT_VOLUME = { networkVolumeIds: undefined };

describe("container-disk-size, on an endpoint", () => {
  const judged = (changes: Record<string, unknown>) => ofEndpoint("container-disk-size", changes);

  test("refuses a disk that cannot hold the weights of a worker without a volume", () => {
    expect(judged(WITHOUT_VOLUME)).toEqual([
      expect.stringMatching(
        /^mandatory: containerDiskInGb 20 must be 87 or more: .*workers share one/,
      ),
    ]);
    expect(judged({ ...WITHOUT_VOLUME, containerDiskInGb: 100 })).toEqual([]);
  });

  test("only advises if it is not set, because RunPod's own may be enough", () => {
    const unset = { ...WITHOUT_VOLUME, containerDiskInGb: undefined };
    expect(judged(unset)[0]).toMatch(/^advisory/);
    const strict = options("container-disk-size", { doubts: "mandatory" });
    expect(ofEndpoint("container-disk-size", unset, strict)[0]).toMatch(/^mandatory/);
  });
});

describe("gpu-memory and tensor-parallel, on an endpoint", () => {
  test("refuse workers that cannot hold MODEL_NAME, and suggest what endpoints can have", () => {
    const [refusal = "", ...others] = ofEndpoint("gpu-memory", { gpuTypeIds: ["NVIDIA L40S"] });
    expect(others).toEqual([]);
    expect(refusal).toMatch(/^mandatory: gpuTypeIds 1 × NVIDIA L40S .* a context of 16384 tokens/);
    expect(refusal).toContain("2 × NVIDIA A40");
    expect(refusal).toContain("env MAX_MODEL_LEN");
  });

  test("only advise if some of the types are enough", () => {
    const gpuTypeIds = ["NVIDIA L40S", "NVIDIA H200"];
    expect(ofEndpoint("gpu-memory", { gpuTypeIds })[0]).toMatch(/^advisory/);
  });

  test("count the GPUs of a worker", () => {
    const env = { ...(HAPPY_ENDPOINT["env"] as object), TENSOR_PARALLEL_SIZE: "4" };
    expect(ofEndpoint("tensor-parallel", { env })[0]).toContain("gpuCount 1 must be 4 or more");
    expect(ofEndpoint("tensor-parallel", { env, gpuCount: 4 })).toEqual([]);
  });
});

describe("the rules about hosts and GPU types, on an endpoint", () => {
  test("apply as for pods", () => {
    expect(ofEndpoint("cuda-floor", { minCudaVersion: undefined })).toHaveLength(1);
    expect(
      ofEndpoint("gpu-architecture", {
        ...LOAD_BALANCER,
        imageName: "vllm/vllm-openai:v0.8.5",
        gpuTypeIds: ["NVIDIA B200"],
      })[0],
    ).toMatch(/^mandatory/);
    const gpus = options("allowed-gpus", { allowed: ["NVIDIA L4"] });
    expect(ofEndpoint("allowed-gpus", {}, gpus)).toHaveLength(2);
    const places = options("allowed-data-centers", { allowed: ["EU-RO-1"] });
    expect(ofEndpoint("allowed-data-centers", {}, places)).toHaveLength(1);
    expect(ofEndpoint("gpu-fallbacks", { gpuTypeIds: ["NVIDIA L4"] })[0]).toContain(
      "no worker starts",
    );
    expect(ofEndpoint("gpu-fallbacks", { gpuTypeIds: [UNKNOWN] })).toEqual([]);
  });

  test("leave out what pods alone have", () => {
    expect(ofEndpoint("end-of-life")).toEqual([]);
    expect(ofEndpoint("cloud-type", { cloudType: "COMMUNITY" })).toEqual([]);
    expect(ofEndpoint("hourly-cost", { gpuTypeIds: ["NVIDIA H200"], gpuCount: 8 })).toEqual([]);
  });
});

describe("secret-env", () => {
  test("names the endpoint, and the resource that stores a secret", () => {
    const [advice] = ofEndpoint("secret-env", { env: { HF_TOKEN: "hf_x" } });
    expect(advice).toContain("every RunPod API response about the endpoint");
    expect(advice).toContain("Store the value in a Secret");
  });
});

describe("reserved-env", () => {
  test("accepts VLLM_PORT of RunPod's vLLM worker, where it is the server's port", () => {
    const env = { ...(HAPPY_ENDPOINT["env"] as object), VLLM_PORT: "8001" };
    expect(ofEndpoint("reserved-env", { env })).toEqual([]);
    expect(ofEndpoint("reserved-env", { ...LOAD_BALANCER, env })).toHaveLength(1);
  });
});

describe("the volumes of an endpoint", () => {
  const volume = (id: string, size: number, dataCenterId: unknown) =>
    item("Volume", { size, dataCenterId }, { id });
  const mounting = (changes: Record<string, unknown>, ids: string[]) =>
    item(
      "ServerlessEndpoint",
      { ...HAPPY_ENDPOINT, networkVolumeIds: ids.map(() => UNKNOWN), ...changes },
      { dependencies: { networkVolumeIds: ids } },
    );

  test("each have room for the weights", () => {
    const volumes = [volume("a", 100, "EU-RO-1"), volume("b", 40, "US-KS-2")];
    expect(said("cache-volume-size", [...volumes, mounting({}, ["a", "b"])])).toEqual([
      expect.stringMatching(/^mandatory: size 40 must be 67 or more/),
    ]);
  });

  test("are in different data centers, which the endpoint accepts", () => {
    const [a, b, c] = [
      volume("a", 100, "EU-RO-1"),
      volume("b", 100, "US-KS-2"),
      volume("c", 100, "EU-RO-1"),
    ];
    const judged = (changes: Record<string, unknown>, ...volumes: (typeof a)[]) =>
      said("volume-placement", [
        ...volumes,
        mounting(
          changes,
          volumes.map(({ id }) => id),
        ),
      ]);
    expect(judged({}, a, b)).toEqual([]);
    expect(judged({ dataCenterIds: ["EU-RO-1", "US-KS-2", "EU-CZ-1"] }, a, b)).toEqual([]);
    expect(judged({}, a, c)).toEqual([
      "advisory: networkVolumeIds should have one volume in EU-RO-1: RunPod allows one per data center, and a worker has the one of that data center. Remove the others, or move them to other data centers.",
    ]);
    expect(judged({ dataCenterIds: ["EU-RO-1"] }, a, b)).toEqual([
      "advisory: dataCenterIds EU-RO-1 should include US-KS-2: the endpoint has a network volume in that data center, and no worker can mount it elsewhere. Add US-KS-2 to dataCenterIds, or remove the volume.",
    ]);
    expect(judged({ dataCenterIds: [] }, a, b)).toEqual([]);
    const [d, e] = [volume("d", 100, UNKNOWN), volume("e", 100, UNKNOWN)];
    expect(judged({ dataCenterIds: ["EU-RO-1"] }, a, d, e)).toEqual([]);
  });
});
