import { judge, settingsOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_ENDPOINT, item, ofEndpoint, options, said } from "../scene";

const DATE = "2026-11-24";
/** Prices of serverless workers by the hour, and of nothing else. */
const prices = (serverless: number) =>
  options("hourly-cost", {
    prices: { date: DATE, gpus: { "NVIDIA L40S": { secure: 1, community: null, serverless } } },
  });

const L40S = { gpuTypeIds: ["NVIDIA L40S", "NVIDIA L40"], containerDiskInGb: 0 };

describe("min-workers-cost", () => {
  test("accepts an endpoint without active workers, whatever its GPUs cost", () => {
    expect(ofEndpoint("min-workers-cost")).toEqual([]);
    expect(ofEndpoint("min-workers-cost", { gpuTypeIds: ["NVIDIA H200"] })).toEqual([]);
    expect(ofEndpoint("min-workers-cost", { gpuTypeIds: ["NVIDIA X1000"] })).toEqual([]);
  });

  test("advises against active workers above the limit, by 730 hours of the list price", () => {
    // 2 × $0.00053 a second.
    expect(ofEndpoint("min-workers-cost", { ...L40S, workersMin: 2 })).toEqual([
      expect.stringMatching(
        /^advisory: workersMin 2 must cost \$500\.00 a month or less: 2 workers with 1 × NVIDIA L40S each cost \$2785\.68 a month with or without requests, at the serverless list prices of \d{4}-\d\d-\d\d\./,
      ),
    ]);
    expect(ofEndpoint("min-workers-cost", { ...L40S, workersMin: 1, gpuCount: 2 })[0]).toContain(
      "1 worker with 2 × NVIDIA L40S costs $2785.68",
    );
  });

  test("names the workers, what they cost, and the prices' date", () => {
    const gpuTypeIds = ["NVIDIA L40S"];
    const pod = { gpuTypeIds, containerDiskInGb: 0 };
    const finding = (count: number, workers: string) =>
      `advisory: workersMin ${count} must cost $500.00 a month or less: ${workers} $1460.00 a month with or without requests, at the serverless list prices of ${DATE}. Lower workersMin (0 costs nothing while there are no requests), use cheaper GPUs, or raise maxPerMonth in min-workers-cost.`;
    expect(ofEndpoint("min-workers-cost", { ...pod, workersMin: 1 }, prices(2))).toEqual([
      finding(1, "1 worker with 1 × NVIDIA L40S costs"),
    ]);
    expect(ofEndpoint("min-workers-cost", { ...pod, workersMin: 2 }, prices(1))).toEqual([
      finding(2, "2 workers with 1 × NVIDIA L40S each cost"),
    ]);
    const limit = { ...prices(2), ...options("min-workers-cost", { maxPerMonth: 1_460 }) };
    expect(ofEndpoint("min-workers-cost", { ...pod, workersMin: 1 }, limit)).toEqual([]);
  });

  test.each([
    { workersMin: UNKNOWN },
    { gpuCount: UNKNOWN },
    { gpuTypeIds: UNKNOWN },
    { gpuTypeIds: ["NVIDIA L40S", UNKNOWN] },
  ])("says nothing about what is not known: %p", (changes) => {
    expect(ofEndpoint("min-workers-cost", { ...L40S, workersMin: 5, ...changes })).toEqual([]);
  });

  test("counts the workers' disks", () => {
    const changes = { ...L40S, workersMin: 1, containerDiskInGb: 100 };
    expect(ofEndpoint("min-workers-cost", changes)[0]).toContain("$1402.84");
    expect(ofEndpoint("min-workers-cost", { ...changes, containerDiskInGb: UNKNOWN })[0]).toContain(
      "$1392.84",
    );
  });

  test("accepts another limit, and newer prices", () => {
    const limit = options("min-workers-cost", { maxPerMonth: 3_000 });
    expect(ofEndpoint("min-workers-cost", { ...L40S, workersMin: 2 }, limit)).toEqual([]);
    const gpus = { "NVIDIA L40S": { secure: 1, community: null, serverless: 10 } };
    const prices = options("hourly-cost", { prices: { date: "2026-11-24", gpus } });
    expect(ofEndpoint("min-workers-cost", { ...L40S, workersMin: 1 }, prices)[0]).toContain(
      "costs $7300.00 a month with or without requests, at the serverless list prices of 2026-11-24",
    );
  });

  test.each([
    [["NVIDIA GeForce RTX 5090"], "NVIDIA GeForce RTX 5090"],
    [["NVIDIA X1", "NVIDIA X2"], "NVIDIA X1 and NVIDIA X2"],
    [undefined, "CPU workers"],
  ])("reports if the price of %p is not known", (gpuTypeIds, what) => {
    expect(ofEndpoint("min-workers-cost", { gpuTypeIds, workersMin: 1 })).toEqual([
      `advisory: workersMin 1 must cost $500.00 a month or less, but the serverless price of ${what} is not known. Check the price on RunPod's pricing page, or add it to the prices of hourly-cost.`,
    ]);
  });
});

describe("max-workers-budget", () => {
  const judged = (changes: Record<string, unknown>, config = {}) =>
    ofEndpoint("max-workers-budget", { ...L40S, ...changes }, config);

  test("accepts a few workers", () => {
    expect(ofEndpoint("max-workers-budget")).toEqual([]);
    expect(judged({ workersMax: 0 })).toEqual([]);
  });

  test("advises against workers that cost more than the account's limit together", () => {
    const config = options("max-workers-budget", { workerQuota: 100 });
    expect(judged({ workersMax: 50 }, config)).toEqual([
      expect.stringMatching(
        /^advisory: workersMax 50 must cost \$80\.00 an hour or less: 50 workers with 1 × NVIDIA L40S each cost \$95\.40 an hour/,
      ),
    ]);
    const gpuTypeIds = ["NVIDIA L40S"];
    expect(judged({ workersMax: 81, gpuTypeIds }, { ...config, ...prices(1) })).toEqual([
      `advisory: workersMax 81 must cost $80.00 an hour or less: 81 workers with 1 × NVIDIA L40S each cost $81.00 an hour when all run, at the serverless list prices of ${DATE}. Lower workersMax, use cheaper GPUs, or raise maxPerHour in max-workers-budget.`,
    ]);
    expect(judged({ workersMax: 80, gpuTypeIds }, { ...config, ...prices(1) })).toEqual([]);
  });

  test("assumes RunPod's default of three workers", () => {
    const config = options("max-workers-budget", { maxPerHour: 5 });
    expect(judged({ workersMax: undefined }, config)[0]).toContain("workersMax 3 must cost $5.00");
  });

  test("only ever advises on the quota, which depends on the account", () => {
    const strict = options("max-workers-budget", {
      enforcementLevel: "mandatory",
      doubts: "mandatory",
    });
    expect(judged({ workersMax: 6 }, strict)).toEqual([
      "advisory: workersMax 6 should be 5 or less: an account may have that many workers over all its endpoints. RunPod's quota is 5 by default, and grows with the balance: 10 from $100, 20 from $200, 30 from $300, 40 from $500, 50 from $700 and 60 from $900. Lower workersMax, or set workerQuota in max-workers-budget to your account's quota.",
    ]);
    expect(judged({ workersMax: 5 })).toEqual([]);
    expect(judged({ workersMax: 2, workersMin: 6 })).toHaveLength(1);
    expect(judged({ workersMax: UNKNOWN, workersMin: 6 })).toEqual([]);
    expect(judged({ workersMax: 6 }, options("max-workers-budget", { workerQuota: 10 }))).toEqual(
      [],
    );
  });

  test("adds up all endpoints of the stack for the quota", () => {
    const endpoint = item("ServerlessEndpoint", HAPPY_ENDPOINT);
    expect(said("max-workers-budget", [endpoint])).toEqual([]);
    const idle = item("ServerlessEndpoint", { ...HAPPY_ENDPOINT, workersMax: 0 });
    const busy = item("ServerlessEndpoint", { ...HAPPY_ENDPOINT, workersMax: 6 });
    const found = judge([idle, busy, item("Pod", HAPPY_ENDPOINT)], settingsOf({}));
    const [quota] = found.filter(({ rule }) => rule === "max-workers-budget");
    expect(quota?.item).toBe(busy);
    expect(quota?.message).toContain("workersMax 6 should be 5 or less");
    const two = judge([busy, { ...busy, id: "b" }], settingsOf({}));
    expect(two.filter(({ rule }) => rule === "max-workers-budget")).toMatchObject([
      { item: undefined },
    ]);
    expect(said("max-workers-budget", [endpoint, { ...endpoint, id: "b" }])).toEqual([
      expect.stringContaining(
        "advisory: workersMax of 2 endpoints, in total 6 should be 5 or less: ",
      ),
    ]);
  });

  test("reports if the price is not known", () => {
    expect(judged({ gpuTypeIds: ["NVIDIA GeForce RTX 5090"] })[0]).toMatch(
      /^advisory: workersMax 3 must cost \$80\.00 an hour or less, but .* is not known\. /,
    );
  });
});

describe("stack-cost", () => {
  test("counts the workers that are always on", () => {
    const config = options("stack-cost", { maxPerHour: 3 });
    const endpoint = (workersMin: number) =>
      item("ServerlessEndpoint", { ...HAPPY_ENDPOINT, ...L40S, workersMin });
    expect(said("stack-cost", [endpoint(1)], config)).toEqual([]);
    expect(said("stack-cost", [endpoint(2)], config)[0]).toContain("cost $3.82");
  });
});
