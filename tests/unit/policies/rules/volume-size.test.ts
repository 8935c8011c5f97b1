import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_POD, HAPPY_VOLUME, item, ofPod, ofTemplate, said } from "../scene";

describe("cache-volume-size", () => {
  const judged = (changes = {}, config = {}) => ofPod("cache-volume-size", changes, config);

  test("accepts a volume with room for the cache", () => {
    expect(judged()).toEqual([]);
    expect(judged({ volumeInGb: 67 })).toEqual([]);
  });

  test("refuses a volume that is too small for the weights", () => {
    expect(judged({ volumeInGb: 40 })).toEqual([
      "mandatory: volumeInGb 40 must be 67 or more: Qwen/Qwen3.8-27B is downloaded to /root/.cache/huggingface/hub (the image's default) on this volume, which needs room for 56 GB of weights (measured) and working files. Set volumeInGb to 67; it can grow in place.",
    ]);
  });

  test("advises if only the weights fit", () => {
    expect(judged({ volumeInGb: 60 })[0]).toMatch(/^advisory: volumeInGb 60 must be 67 or more/);
  });

  test("allows for the margin of an estimate", () => {
    const dockerStartCmd = ["acme/llm-70b"];
    expect(judged({ dockerStartCmd, volumeInGb: 140 })[0]).toMatch(/^advisory: .*estimated/);
    expect(judged({ dockerStartCmd, volumeInGb: 60 })[0]).toMatch(/^mandatory: .*estimated/);
  });

  test("asks for an unknown size", () => {
    expect(judged({ dockerStartCmd: ["acme/secret-llm"] })).toEqual([
      'advisory: volumeInGb 100 cannot be checked: the size of acme/secret-llm is unknown (The name gives no size: set parametersB or weightsGb.). Set the size of the weights in the policy configuration: {"container-disk-size": {"models": {"<model>": {"weightsGb": <GB>}}}}.',
    ]);
  });

  test("ignores a volume without the cache", () => {
    expect(judged({ volumeInGb: 10, volumeMountPath: "/workspace" })).toEqual([]);
    expect(judged({ dockerStartCmd: undefined, volumeInGb: 10 })).toEqual([]);
    const { volumeInGb: _, ...pod } = HAPPY_POD;
    expect(said("cache-volume-size", [item("Pod", pod)])).toEqual([]);
    expect(judged({ imageName: "nginx:1.29", dockerStartCmd: [], volumeInGb: 10 })).toEqual([]);
  });

  test.each([{ volumeInGb: UNKNOWN }, { volumeMountPath: UNKNOWN }, { env: UNKNOWN }])(
    "says nothing about what is not known: %p",
    (changes) => {
      expect(judged({ volumeInGb: 40, ...changes })).toEqual([]);
    },
  );

  test("only advises if the image may put the cache elsewhere", () => {
    const own = { imageName: "acme/llm:1", volumeInGb: 40 };
    const one = { dockerStartCmd: ["vllm", "serve", "Qwen/Qwen3.8-27B"] };
    expect(judged({ ...own, ...one })[0]).toMatch(/^advisory: volumeInGb 40 must be 67/);
    const script = ["hf download Qwen/Qwen3-32B && vllm serve Qwen/Qwen3.8-27B"];
    const two = { dockerEntrypoint: ["bash", "-c"], dockerStartCmd: script };
    expect(judged({ ...own, ...two })[0]).toMatch(/^advisory: .* Qwen\/Qwen3-32B \(66 GB\)/);
    expect(judged({ ...two, volumeInGb: 40 })[0]).toMatch(/^mandatory: .* \(66 GB\)/);
    expect(judged({ ...two, volumeInGb: 40, volumeMountPath: UNKNOWN })).toEqual([]);
  });

  test("leaves out what is downloaded to another folder", () => {
    const script = ["hf download Qwen/Qwen3-32B --local-dir /data && vllm serve Qwen/Qwen3.8-27B"];
    const two = { dockerEntrypoint: ["bash", "-c"], dockerStartCmd: script };
    expect(judged({ ...two, volumeInGb: 67 })).toEqual([]);
    expect(judged({ ...two, volumeInGb: 66 })[0]).toContain("volumeInGb 66 must be 67 or more");
    const unknown = script.map((text) => text.replace("/data", "$FOLDER"));
    expect(judged({ ...two, dockerStartCmd: unknown, volumeInGb: 67 })).toEqual([]);
  });

  test("only advises if the command may put one of several models elsewhere", () => {
    const script = ["hf download Qwen/Qwen3-32B; source /x.env; vllm serve Qwen/Qwen3-14B"];
    const two = { dockerEntrypoint: ["bash", "-c"], dockerStartCmd: script };
    expect(judged({ ...two, volumeInGb: 10 })[0]).toMatch(/^advisory: .* \(66 GB\)/);
    const unsized = ["hf download Qwen/Qwen3-32B; source /x.env; vllm serve acme/x"];
    expect(judged({ ...two, dockerStartCmd: unsized, volumeInGb: 10 })[0]).toMatch(/^advisory: /);
  });

  test("leaves out a part of a repository, whose size is not known", () => {
    const script = ["hf download Qwen/Qwen3-32B config.json; vllm serve Qwen/Qwen3-14B"];
    const two = { dockerEntrypoint: ["bash", "-c"], dockerStartCmd: script };
    expect(judged({ ...two, volumeInGb: 10 })[0]).toContain(
      "must be 38 or more: the command downloads Qwen/Qwen3-14B (30 GB) to this volume, 30 GB in",
    );
  });

  test("counts only the known sizes among several models", () => {
    const script = ["hf download acme/x && vllm serve Qwen/Qwen3.8-27B"];
    const two = { dockerEntrypoint: ["bash", "-c"], dockerStartCmd: script };
    expect(judged({ ...two, volumeInGb: 40 })[0]).toContain(
      "the command downloads Qwen/Qwen3.8-27B (56 GB) to this volume, 56 GB in total.",
    );
    expect(judged({ ...two, volumeInGb: 67 })).toEqual([]);
  });

  test("adds up everything that a command downloads to the volume", () => {
    const pull = "ollama serve & sleep 5; ollama pull llama3.3:70b; ollama pull qwen3:32b; wait";
    const changes = {
      imageName: "ollama/ollama:0.12.6",
      dockerEntrypoint: ["bash", "-c"],
      dockerStartCmd: [pull],
      volumeMountPath: "/root/.ollama",
    };
    expect(judged({ ...changes, volumeInGb: 50 })).toEqual([
      "advisory: volumeInGb 50 must be 76 or more: the command downloads llama3.3:70b (44 GB) and qwen3:32b (20 GB) to this volume, 64 GB in total. Set volumeInGb to 76; it can grow in place. Or download fewer models.",
    ]);
    expect(judged({ ...changes, volumeInGb: 76 })).toEqual([]);
    expect(judged({ ...changes, volumeInGb: 200 })).toEqual([]);
  });

  test("only advises on a template", () => {
    expect(ofTemplate("cache-volume-size", { volumeInGb: 40 })[0]).toMatch(/^advisory: /);
  });

  test("allows for the margin of each model that is downloaded, those of published parameters among them", () => {
    const pull = (...models: string[]) => ({
      dockerEntrypoint: ["bash", "-c"],
      dockerStartCmd: [
        `${models.map((model) => `hf download ${model}`).join(" && ")} && vllm serve ${models[0]}`,
      ],
    });
    const published = pull("zai-org/GLM-4.6V", "zai-org/GLM-4.7-Flash");
    expect(judged({ ...published, volumeInGb: 250 })[0]).toMatch(
      /^advisory: volumeInGb 250 must be 307 or more: .*274 GB in total/,
    );
    expect(judged({ ...published, volumeInGb: 240 })[0]).toMatch(/^mandatory: /);
    const copies = pull("acme/Qwen3-32B", "acme/Qwen3-14B");
    expect(judged({ ...copies, volumeInGb: 80 })[0]).toMatch(/^advisory: .*95 GB in total/);
    expect(judged({ ...copies, volumeInGb: 70 })[0]).toMatch(/^mandatory: /);
    expect(judged({ ...pull("acme/a", "acme/b"), volumeInGb: 1 })).toEqual([]);
  });

  test("checks a network volume with the pod that mounts it", () => {
    const podOf = (changes: Record<string, unknown>) =>
      item(
        "Pod",
        { ...HAPPY_POD, volumeInGb: undefined, networkVolumeId: "abc", ...changes },
        { id: "pod", dependencies: { networkVolumeId: ["volume"] } },
      );
    const pod = podOf({});
    const volume = (size: number) => item("Volume", { ...HAPPY_VOLUME, size }, { id: "volume" });
    expect(said("cache-volume-size", [pod, volume(100)])).toEqual([]);
    expect(said("cache-volume-size", [pod, volume(40)])[0]).toMatch(
      /^mandatory: size 40 must be 67/,
    );
    const other = item("Volume", { ...HAPPY_VOLUME, size: 10 }, { id: "other" });
    expect(said("cache-volume-size", [pod, other])).toEqual([]);
    for (const changes of [
      { volumeMountPath: UNKNOWN },
      { imageName: UNKNOWN },
      { imageName: "nginx:1.29", dockerStartCmd: [] },
    ]) {
      expect(said("cache-volume-size", [podOf(changes), volume(40)])).toEqual([]);
    }
  });
});
