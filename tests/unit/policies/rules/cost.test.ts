import { HAPPY_POD, HAPPY_VOLUME, item, ofPod, options, said } from "../scene";

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
    expect(ofPod("hourly-cost", { gpuTypeIds: ["NVIDIA X1000"] })[0]).toMatch(
      /^advisory: .*the price of .* unknown/,
    );
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
    expect(judged({})[0]).toMatch(/^advisory: terminateAfter must be set to a duration such as 8h/);
    expect(judged({ env: { END_OF_LIFE: "never:" } })).toHaveLength(1);
    expect(judged({ env: { END_OF_LIFE: "some day" } })).toHaveLength(1);
  });

  test("reads the reason from another variable", () => {
    const config = options("end-of-life", { variable: "OWNER_NOTE" });
    expect(judged({ env: { OWNER_NOTE: "never: the chat of acme.example" } }, config)).toEqual([]);
  });
});
