import { specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_ENDPOINT, HAPPY_POD, HAPPY_VOLUME, item, ofPod, options, said } from "../scene";

const pricesOf = (secure: Record<string, number>) => ({
  date: "2026-11-24",
  gpus: Object.fromEntries(
    Object.entries(secure).map(([id, price]) => [id, { secure: price, community: null }]),
  ),
});

describe("hourly-cost", () => {
  test("accepts a pod below the limit", () => {
    expect(ofPod("hourly-cost")).toEqual([]);
  });

  test("advises against a pod above the limit, by its most expensive type", () => {
    const [advice] = ofPod("hourly-cost", { gpuCount: 8 });
    expect(advice).toMatch(
      /^advisory: gpuTypeIds must cost \$20\.00 an hour or less: 8 × NVIDIA B200 with its disks costs \$\d+\.\d\d at the prices of \d{4}-\d\d-\d\d/,
    );
  });

  test("names the count, the type, the cost and the prices' date", () => {
    const config = options("hourly-cost", { prices: pricesOf({ "NVIDIA B200": 30 }) });
    expect(ofPod("hourly-cost", { gpuTypeIds: ["NVIDIA B200"], gpuCount: 2 }, config)).toEqual([
      "advisory: gpuTypeIds must cost $20.00 an hour or less: 2 × NVIDIA B200 with its disks costs $60.03 at the prices of 2026-11-24. Use fewer or cheaper GPUs, or raise maxPerHour in hourly-cost.",
    ]);
  });

  test("assumes one GPU in the secure cloud and no disks where nothing is set", () => {
    const prices = pricesOf({ "NVIDIA B200": 30 });
    const unset = {
      ...{ gpuTypeIds: ["NVIDIA B200"], gpuCount: undefined, cloudType: undefined },
      ...{ containerDiskInGb: undefined, volumeInGb: undefined },
    };
    const limit = (maxPerHour: number) => options("hourly-cost", { prices, maxPerHour });
    expect(ofPod("hourly-cost", unset, limit(29.99))[0]).toContain(
      "1 × NVIDIA B200 with its disks costs $30.00",
    );
    expect(ofPod("hourly-cost", unset, limit(30))).toEqual([]);
  });

  test("uses the community cloud's price there", () => {
    const gpus = { "NVIDIA B200": { secure: 10, community: 30 } };
    const config = options("hourly-cost", { prices: { date: "2026-11-24", gpus } });
    const pod = { gpuTypeIds: ["NVIDIA B200"] };
    expect(ofPod("hourly-cost", pod, config)).toEqual([]);
    expect(ofPod("hourly-cost", { ...pod, cloudType: "COMMUNITY" }, config)).toHaveLength(1);
  });

  test.each(["gpuCount", "cloudType", "containerDiskInGb", "volumeInGb"])(
    "says nothing while %s is not known",
    (name) => {
      const config = options("hourly-cost", { maxPerHour: 0 });
      expect(ofPod("hourly-cost", {}, config)).toHaveLength(1);
      expect(ofPod("hourly-cost", { [name]: UNKNOWN }, config)).toEqual([]);
    },
  );

  test("says nothing while one of the types is not known", () => {
    const config = options("hourly-cost", { maxPerHour: 0 });
    expect(ofPod("hourly-cost", { gpuTypeIds: ["NVIDIA B200", UNKNOWN] }, config)).toEqual([]);
  });

  test("accepts another limit", () => {
    expect(ofPod("hourly-cost", {}, options("hourly-cost", { maxPerHour: 1 }))).toHaveLength(1);
    const config = options("hourly-cost", { maxPerHour: 100 });
    expect(ofPod("hourly-cost", { gpuCount: 8 }, config)).toEqual([]);
  });

  test("uses newer prices from its options", () => {
    const config = options("hourly-cost", { prices: pricesOf({ "NVIDIA B200": 30 }) });
    expect(ofPod("hourly-cost", {}, config)[0]).toMatch(
      /1 × NVIDIA B200 with its disks costs \$30\.\d\d at the prices of 2026-11-24/,
    );
    const fresh = options("hourly-cost", { prices: pricesOf({ "NVIDIA X1000": 5 }) });
    expect(ofPod("hourly-cost", { gpuTypeIds: ["NVIDIA X1000"] }, fresh)).toEqual([]);
  });

  test.each([[null], [{ date: "2026-11-24", gpus: { "NVIDIA B200": null, "NVIDIA H200": 5 } }]])(
    "does not throw for malformed prices: %j",
    (prices) => {
      expect(ofPod("hourly-cost", {}, options("hourly-cost", { prices }))).toHaveLength(
        prices === null ? 0 : 1,
      );
    },
  );

  test("reports if no price is known", () => {
    expect(ofPod("hourly-cost", { gpuTypeIds: ["NVIDIA X1000"] })).toEqual([
      "advisory: gpuTypeIds must cost $20.00 an hour or less, but the price of one of these types is unknown. Check the price, and drop the GPU type if it is too expensive.",
    ]);
    expect(ofPod("hourly-cost", { gpuTypeIds: undefined })).toEqual([]);
  });
});

describe("stack-cost", () => {
  const pods = (count: number) => Array.from({ length: count }, () => item("Pod", HAPPY_POD));

  test("accepts a stack below the limit", () => {
    expect(said("stack-cost", [...pods(5), item("Volume", HAPPY_VOLUME)])).toEqual([]);
  });

  test("advises against pods and volumes that are above the limit together", () => {
    expect(said("stack-cost", pods(20))[0]).toMatch(/^advisory: The stack must cost \$80\.00/);
    const config = options("stack-cost", { maxPerHour: 0 });
    expect(said("stack-cost", [item("Volume", HAPPY_VOLUME)], config)).toHaveLength(1);
    expect(said("stack-cost", [item("Template", HAPPY_POD)], config)).toEqual([]);
  });

  test("adds up what pods and volumes cost, up to the limit itself", () => {
    const prices = options("hourly-cost", { prices: pricesOf({ "NVIDIA B200": 40 }) });
    const pod = () => item("Pod", { gpuTypeIds: ["NVIDIA B200"] });
    expect(said("stack-cost", [pod(), pod()], prices)).toEqual([]);
    expect(said("stack-cost", [pod(), pod(), item("Volume", { size: 1_000 })], prices)).toEqual([
      "advisory: The stack must cost $80.00 an hour or less: its pods, volumes and always-on workers with known prices cost $80.10. Use fewer or cheaper GPUs, or raise maxPerHour in stack-cost.",
    ]);
  });

  test("counts nothing for what has no price, or is not known yet", () => {
    const items = [
      item("Pod", { gpuTypeIds: ["NVIDIA X1000"] }),
      item("Pod", { ...HAPPY_POD, gpuTypeIds: undefined }),
      item("Pod", { ...HAPPY_POD, gpuCount: UNKNOWN }),
      item("Volume", { size: UNKNOWN }),
      item("ServerlessEndpoint", { ...HAPPY_ENDPOINT, workersMin: UNKNOWN }),
      item("ServerlessEndpoint", { ...HAPPY_ENDPOINT, gpuCount: UNKNOWN, workersMin: 1 }),
    ];
    expect(said("stack-cost", items, options("stack-cost", { maxPerHour: 0 }))).toEqual([]);
  });

  test("uses the prices in the options of hourly-cost", () => {
    const config = options("hourly-cost", { prices: pricesOf({ "NVIDIA B200": 100 }) });
    expect(said("stack-cost", pods(1), config)[0]).toContain(
      "its pods, volumes and always-on workers with known prices cost $100.",
    );
  });
});

describe("end-of-life", () => {
  const judged = (changes: Record<string, unknown>, config = {}) =>
    ofPod("end-of-life", { terminateAfter: undefined, ...changes }, config);

  test("accepts a pod with a time limit, or with a reason to have none", () => {
    expect(ofPod("end-of-life")).toEqual([]);
    expect(judged({ stopAfter: "2h" })).toEqual([]);
    expect(judged({ env: { END_OF_LIFE: "never: production" } })).toEqual([]);
  });

  test("advises setting a time limit", () => {
    expect(judged({})).toEqual([
      'advisory: terminateAfter must be set to a duration such as 8h, or env END_OF_LIFE to never: <reason>: RunPod never stops a pod on its own, and a forgotten one bills until your balance runs out. Set terminateAfter or stopAfter. For a pod without a time limit, set env END_OF_LIFE, for example to "never: production".',
    ]);
    expect(judged({ env: { END_OF_LIFE: "or never: x" } })).toHaveLength(1);
    expect(judged({ env: { END_OF_LIFE: "never:" } })).toHaveLength(1);
    expect(judged({ env: { END_OF_LIFE: "some day" } })).toHaveLength(1);
  });

  test("accepts a reason without a space, or with several", () => {
    expect(judged({ env: { END_OF_LIFE: "never:production" } })).toEqual([]);
    expect(judged({ env: { END_OF_LIFE: "never:  production" } })).toEqual([]);
  });

  test.each([UNKNOWN, { END_OF_LIFE: UNKNOWN }])("says nothing while env is %p", (env) => {
    expect(judged({ env })).toEqual([]);
  });

  test("reads a reason even if a template may set more variables", () => {
    const of = (env: object) => {
      const inputs = { ...HAPPY_POD, terminateAfter: undefined, env };
      const spec = specOf("Pod", inputs, { templateMaySet: true });
      return said("end-of-life", [{ id: "pod", spec, dependencies: {} }]);
    };
    expect(of({ END_OF_LIFE: "some day" })).toHaveLength(1);
    expect(of({})).toEqual([]);
  });

  test("reads the reason from another variable", () => {
    const config = options("end-of-life", { variable: "OWNER_NOTE" });
    expect(judged({ env: { OWNER_NOTE: "never: the chat of acme.example" } }, config)).toEqual([]);
  });
});
