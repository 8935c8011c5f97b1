import { presetConfig, rules, type Spec, specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_POD, ofEndpoint, ofPod, ofTemplate, options, said, WITHOUT_VOLUME } from "../scene";

const onDisk = (changes: Record<string, unknown>, config = {}) =>
  ofPod("container-disk-size", { ...WITHOUT_VOLUME, ...changes }, config);
const UNSIZED = ["acme/secret-llm"];

describe("container-disk-size", () => {
  test("accepts weights on a volume and a disk for the rest", () => {
    expect(ofPod("container-disk-size")).toEqual([]);
    expect(ofPod("container-disk-size", { containerDiskInGb: 20 })).toEqual([]);
  });

  test("refuses the guide's disk of 20 GB for 27B, and reports the required size", () => {
    expect(onDisk({ containerDiskInGb: 20 })).toEqual([
      "mandatory: containerDiskInGb 20 must be 87 or more: Qwen/Qwen3.8-27B is downloaded to /root/.cache/huggingface/hub (the image's default), on the container disk. Its 56 GB of weights (measured) need 87 GB there, including working files. Set containerDiskInGb to 87. Better: mount a volume of 67 GB at the cache path, so that a restart does not download everything again, and set containerDiskInGb to 20.",
    ]);
    expect(onDisk({ containerDiskInGb: 55 })[0]).toMatch(/^mandatory: /);
    expect(ofEndpoint("container-disk-size", { networkVolumeIds: undefined })[0]).toContain(
      "Better: attach a network volume of 67 GB to the endpoint, with the cache on it, so that its workers share one download, and set containerDiskInGb to 20.",
    );
  });

  test("advises on a disk with room for the weights and little else", () => {
    const [advice] = onDisk({ containerDiskInGb: 56 });
    expect(advice).toMatch(/^advisory: containerDiskInGb 56 should be 87 or more/);
    expect(onDisk({ containerDiskInGb: 86 })).toHaveLength(1);
    expect(onDisk({ containerDiskInGb: 87 })).toEqual([]);
    const small = { dockerStartCmd: ["Qwen/Qwen3-0.6B"], containerDiskInGb: 20 };
    expect(onDisk(small)[0]).toMatch(/^advisory: /);
  });

  test("refuses a disk that is not set, whatever the default may be", () => {
    const finding = (number: string, model: string) =>
      `mandatory: containerDiskInGb must be set explicitly, to ${number}: the default of RunPod's tools (20 to 50 GB) is not based on what ${model} needs. Set containerDiskInGb to ${number}.`;
    const unset = { containerDiskInGb: undefined };
    expect(ofPod("container-disk-size", unset)).toEqual([
      finding("20 or more", "Qwen/Qwen3.8-27B"),
    ]);
    expect(onDisk(unset)).toEqual([finding("87 or more", "Qwen/Qwen3.8-27B")]);
    expect(onDisk({ ...unset, dockerStartCmd: UNSIZED })).toEqual([
      finding("a number of GB", "acme/secret-llm"),
    ]);
    expect(onDisk({ ...unset, dockerStartCmd: undefined })).toEqual([
      finding("a number of GB", "the model"),
    ]);
  });

  test("advises against a disk too small for the working files next to the weights", () => {
    expect(ofPod("container-disk-size", { containerDiskInGb: 10 })).toEqual([
      "advisory: containerDiskInGb 10 should be 20 or more: the weights are stored elsewhere, but the server's compile caches, logs and temporary files are written to this disk. Set containerDiskInGb to 20.",
    ]);
    const config = options("container-disk-size", { besideCacheGb: 5 });
    expect(ofPod("container-disk-size", { containerDiskInGb: 10 }, config)).toEqual([]);
  });

  test("refuses by an estimate only what is too small even with its margin", () => {
    const dockerStartCmd = ["acme/llm-70b"];
    expect(onDisk({ dockerStartCmd, containerDiskInGb: 50 })[0]).toMatch(/^mandatory: .*estimated/);
    expect(onDisk({ dockerStartCmd, containerDiskInGb: 170 })[0]).toMatch(/^advisory: .*estimated/);
    expect(onDisk({ dockerStartCmd, containerDiskInGb: 400 })).toEqual([]);
  });

  test("asks for an unknown size, and uses the configured one", () => {
    const changes = { dockerStartCmd: UNSIZED, containerDiskInGb: 60 };
    expect(onDisk(changes)).toEqual([
      'advisory: containerDiskInGb 60 cannot be checked: acme/secret-llm is downloaded to /root/.cache/huggingface/hub (the image\'s default), on the container disk, but its size is unknown (The name gives no size: set parametersB or weightsGb.). Set the size of the weights in the policy configuration: {"container-disk-size": {"models": {"<model>": {"weightsGb": <GB>}}}}. Or mount a volume at the cache path.',
    ]);
    const figures = (weightsGb: number) =>
      options("container-disk-size", { models: { "acme/secret-llm": { weightsGb } } });
    expect(onDisk(changes, figures(61))[0]).toMatch(/^mandatory: .*\(your figure\)/);
    expect(onDisk(changes, figures(50))[0]).toMatch(/^advisory: .*\(your figure\)/);
    expect(onDisk(changes, figures(10))).toEqual([]);
  });

  test("counts every model that the command downloads", () => {
    const pulls =
      "ollama serve & sleep 5; ollama pull gpt-oss:120b; ollama pull deepseek-r1:70b; wait";
    const ollama = {
      imageName: "ollama/ollama:0.12.6",
      dockerEntrypoint: ["bash", "-c"],
      dockerStartCmd: [pulls],
    };
    expect(onDisk({ ...ollama, containerDiskInGb: 60 })[0]).toMatch(
      /^mandatory: .* gpt-oss:120b and 1 more is downloaded/,
    );
    const one = { ...ollama, dockerStartCmd: ["ollama serve & ollama pull llama3.3:70b"] };
    expect(onDisk({ ...one, containerDiskInGb: 60 })[0]).toMatch(/^advisory: /);
    expect(onDisk({ ...one, containerDiskInGb: 80 })).toEqual([]);
  });

  test("asks for the size if the command names no model", () => {
    expect(onDisk({ dockerStartCmd: undefined })[0]).toMatch(
      /^advisory: .* size is unknown \(the command names no model\)/,
    );
  });

  test.each([
    { containerDiskInGb: UNKNOWN },
    { dockerStartCmd: undefined, env: UNKNOWN },
    { imageName: UNKNOWN },
  ])("says nothing about what is not known: %p", (changes) => {
    expect(onDisk({ containerDiskInGb: 20, ...changes })).toEqual([]);
  });

  test("says nothing while it is not known whether a volume has the cache", () => {
    const changes = { containerDiskInGb: 10, volumeMountPath: UNKNOWN };
    expect(ofPod("container-disk-size", changes)).toEqual([]);
  });

  test("only advises on an image that may contain the weights", () => {
    const own = { imageName: "acme/vllm:1", dockerStartCmd: ["vllm", "serve", "Qwen/Qwen3.8-27B"] };
    expect(onDisk({ ...own, containerDiskInGb: 20 })[0]).toMatch(/^advisory: .* must be 87/);
  });

  test("checks a pod without a volume even if its env is unknown, because its cache is on that disk", () => {
    const changes = { env: UNKNOWN, containerDiskInGb: 20 };
    expect(onDisk(changes)[0]).toMatch(/^mandatory: containerDiskInGb 20 must be 87 or more/);
    expect(onDisk({ ...changes, containerDiskInGb: 87 })).toEqual([]);
    expect(ofPod("container-disk-size", changes)).toEqual([]);
    const remedy = rules.find(({ name }) => name === "container-disk-size")?.remedy;
    const spec = specOf("Pod", { ...HAPPY_POD, ...WITHOUT_VOLUME, ...changes });
    expect(remedy?.(spec, { besideCacheGb: 20 }, { models: {}, images: {} })).toEqual({
      containerDiskInGb: 87,
    });
  });

  describe("as a remedy", () => {
    const { remedy } = rules.find(({ name }) => name === "container-disk-size") ?? {};
    const remedied = (changes: Record<string, unknown>, kind: Spec["kind"] = "Pod") =>
      remedy?.(
        specOf(kind, { ...HAPPY_POD, ...changes }),
        { besideCacheGb: 20 },
        { models: {}, images: {} },
      );

    test("sets what is needed", () => {
      expect(remedied({ containerDiskInGb: 10 })).toEqual({ containerDiskInGb: 20 });
      expect(remedied({ containerDiskInGb: undefined })).toEqual({ containerDiskInGb: 20 });
      expect(remedied({ ...WITHOUT_VOLUME, containerDiskInGb: 86 })).toEqual({
        containerDiskInGb: 87,
      });
    });

    test.each([
      { containerDiskInGb: 20 },
      { containerDiskInGb: UNKNOWN },
      { containerDiskInGb: 10, volumeMountPath: UNKNOWN },
      { containerDiskInGb: 10, imageName: "acme/app:1" },
      { ...WITHOUT_VOLUME, containerDiskInGb: 87 },
      { ...WITHOUT_VOLUME, containerDiskInGb: 10, dockerStartCmd: UNSIZED },
    ])("changes nothing that is enough, or not known: %p", (changes) => {
      expect(remedied(changes)).toBeUndefined();
    });

    test("leaves templates alone", () => {
      expect(remedied({ containerDiskInGb: 10 }, "Template")).toBeUndefined();
    });
  });

  test("ignores a pod without a model, or with a model in the image", () => {
    const training = { imageName: "runpod/pytorch:2.8.0", dockerStartCmd: undefined };
    expect(onDisk({ ...training, containerDiskInGb: 20 })).toEqual([]);
    expect(onDisk({ dockerStartCmd: ["/models/llm"], containerDiskInGb: 20 })).toEqual([]);
  });

  test("checks custom images like the image that they behave like", () => {
    const changes = { imageName: "ghcr.io/acme/serve:3", containerDiskInGb: 20 };
    expect(onDisk(changes)).toEqual([]);
    const images = { "ghcr.io/acme/serve": "vllm/vllm-openai:v0.20.0" };
    expect(onDisk(changes, options("container-disk-size", { images }))).toHaveLength(1);
  });

  test("advises on a template, because a pod created from it may mount a volume and is checked itself", () => {
    expect(ofTemplate("container-disk-size")).toEqual([]);
    const bad = { ...WITHOUT_VOLUME, containerDiskInGb: 20 };
    expect(ofTemplate("container-disk-size", bad)[0]).toMatch(/^advisory: /);
    const strict = presetConfig("strict");
    expect(ofTemplate("container-disk-size", bad, strict)[0]).toMatch(/^advisory: /);
    const alone = specOf("Template", { ...HAPPY_POD, ...bad }, { isAlone: true });
    const found = said("container-disk-size", [{ id: "a", spec: alone, dependencies: {} }]);
    expect(found[0]).toMatch(/^mandatory: /);
  });
});
