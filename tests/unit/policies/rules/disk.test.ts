import { presetConfig, rules, specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_POD, ofPod, ofTemplate, options, WITHOUT_VOLUME } from "../scene";

const onDisk = (changes: Record<string, unknown>, config = {}) =>
  ofPod("container-disk-size", { ...WITHOUT_VOLUME, ...changes }, config);
const UNSIZED = ["acme/secret-llm"];

describe("container-disk-size", () => {
  test("accepts weights on a volume and a disk for the rest", () => {
    expect(ofPod("container-disk-size")).toEqual([]);
    expect(ofPod("container-disk-size", { containerDiskInGb: 20 })).toEqual([]);
  });

  test("refuses the guide's disk of 20 GB for 27B, and reports the required size", () => {
    const [violation] = onDisk({ containerDiskInGb: 20 });
    expect(violation).toMatch(
      /^mandatory: containerDiskInGb 20 must be 87 or more: Qwen\/Qwen3.8-27B/,
    );
    expect(violation).toContain("/root/.cache/huggingface/hub (the image's default)");
    expect(violation).toContain("56 GB of weights (measured)");
    expect(onDisk({ containerDiskInGb: 55 })[0]).toMatch(/^mandatory: /);
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
    const [violation] = ofPod("container-disk-size", { containerDiskInGb: undefined });
    expect(violation).toMatch(
      /^mandatory: containerDiskInGb must be set explicitly, to 20 or more/,
    );
    expect(onDisk({ containerDiskInGb: undefined })[0]).toContain("to 87 or more");
    const [unsized] = onDisk({ containerDiskInGb: undefined, dockerStartCmd: UNSIZED });
    expect(unsized).toContain("to a number of GB");
  });

  test("advises against a disk too small for the working files next to the weights", () => {
    const [advice] = ofPod("container-disk-size", { containerDiskInGb: 10 });
    expect(advice).toMatch(/^advisory: containerDiskInGb 10 should be 20 or more/);
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
    const [question] = onDisk(changes);
    expect(question).toMatch(/^advisory: containerDiskInGb 60 cannot be checked: acme\/secret-llm/);
    expect(question).toContain(
      '{"container-disk-size": {"models": {"<model>": {"weightsGb": <GB>}}}}',
    );
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
    expect(onDisk({ ...ollama, containerDiskInGb: 80 })[0]).toMatch(
      /^mandatory: .* gpt-oss:120b and 1 more is downloaded/,
    );
    const one = { ...ollama, dockerStartCmd: ["ollama serve & ollama pull llama3.3:70b"] };
    expect(onDisk({ ...one, containerDiskInGb: 60 })[0]).toMatch(/^advisory: /);
    expect(onDisk({ ...one, containerDiskInGb: 80 })).toEqual([]);
  });

  test("asks for the size if the command names no model", () => {
    expect(onDisk({ dockerStartCmd: undefined })[0]).toMatch(/^advisory: .*names no model/);
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
  });
});
