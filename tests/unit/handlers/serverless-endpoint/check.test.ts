import { check } from "../../../../provider/src/handlers/serverless-endpoint/check";
import { UNKNOWN, type Values } from "../../../../provider/src/schema";

const gpu = { imageName: "a", gpuTypeIds: ["NVIDIA L4"] };
const balanced = { ...gpu, type: "LOAD_BALANCER" };
const queued = { ...gpu, scalerType: "REQUEST_COUNT" };

/** The messages about the inputs of a new endpoint. */
function problems(given: Values): string[] {
  return check({}, given).problems.map(({ message }) => message);
}

/** The next inputs, after some were in force. */
function next(before: Values, given: Values): Values {
  return check(check({}, before).inputs as Values, given).inputs as Values;
}

test.each<[string, Values]>([
  ["an image that only the template names", { templateId: "t", gpuTypeIds: ["NVIDIA L4"] }],
  ["virtual CPUs on a CPU endpoint", { imageName: "a", cpuFlavorIds: ["cpu3c"], vcpuCount: 8 }],
  ["more always-on workers than the default limit", { ...gpu, workersMin: 5 }],
  ["a parked endpoint", { ...gpu, workersMax: 0 }],
  ["a limit that is not known yet", { ...gpu, workersMin: 4, workersMax: UNKNOWN }],
  ["an idle timeout on a load balancer", { ...balanced, idleTimeout: 60 }],
  ["a part of a second", { ...gpu, scalerValue: 0.5 }],
  ["volumes in different data centers", volumes("EU-RO-1", "US-KS-2")],
  ["volumes of which nothing is known", volumes(null, null)],
  ["volumes that a preview does not know", volumes(UNKNOWN, UNKNOWN)],
  ["a volume in an accepted data center", { ...volumes("EU-RO-1"), dataCenterIds: ["eu-ro-1"] }],
  ["a template for workers", { ...gpu, __serverlessTemplate: true }],
  ["an exposed port", { ...balanced, env: { PORT: "8000" }, ports: ["8000/http"] }],
  ["the standard port of a load balancer", balanced],
  ["an env that is not known yet", { ...balanced, env: UNKNOWN }],
  ["the longest job", { ...gpu, executionTimeout: "168h" }],
])("%s is accepted", (_, given) => {
  expect(problems(given)).toEqual([]);
});

test.each<[string, Values]>([
  ["imageName is required. Set it, or use a template.", { gpuTypeIds: ["NVIDIA L4"] }],
  [
    'gpuTypeIds is required. List GPU types that workers may have, such as ["NVIDIA L40S"].',
    { imageName: "a" },
  ],
  [
    'cpuFlavorIds ["cpu3c"] cannot be combined with gpuTypeIds: an endpoint is either a GPU endpoint or a CPU endpoint. Remove one of them.',
    { ...gpu, cpuFlavorIds: ["cpu3c"] },
  ],
  ["vcpuCount 4 is only for CPU endpoints. Remove it.", { ...gpu, vcpuCount: 4 }],
  [
    'globalVolumeId "gsb_1" is not available on a CPU endpoint. Remove it, or use gpuTypeIds instead of cpuFlavorIds.',
    { imageName: "a", cpuFlavorIds: ["cpu3c"], globalVolumeId: "gsb_1" },
  ],
  [
    "workersMax 1 must be at least workersMin, which is 2. Set workersMax to 2 or more.",
    { ...gpu, workersMin: 2, workersMax: 1 },
  ],
  [
    'scalerType "QUEUE_DELAY" is not available on a LOAD_BALANCER, which has no queue. Remove it, or set it to REQUEST_COUNT.',
    { ...balanced, scalerType: "QUEUE_DELAY" },
  ],
  [
    "idleTimeout 5 is not available on a queue that scales by REQUEST_COUNT. Remove it, or set scalerType to QUEUE_DELAY.",
    { ...queued, idleTimeout: 5 },
  ],
  [
    "scalerValue 1.5 must be a whole number of requests per worker with REQUEST_COUNT. Round it.",
    { ...queued, scalerValue: 1.5 },
  ],
  ["scalerValue 0.1 must be a number, 0.5 or more.", { ...gpu, scalerValue: 0.1 }],
  [
    "idleTimeout 3601 must be a whole number of seconds, from 1 to 3600.",
    { ...gpu, idleTimeout: 3601 },
  ],
  [
    "flashboot true must be one of OFF, FLASHBOOT, PRIORITY_FLASHBOOT. REST v1's true is FLASHBOOT, its false is OFF.",
    { ...gpu, flashboot: true },
  ],
  [
    'globalVolumeId "gsb_1" cannot be combined with networkVolumeIds: both are mounted at /runpod-volume. Remove one of them.',
    { ...volumes("EU-RO-1"), globalVolumeId: "gsb_1" },
  ],
  [
    'networkVolumeIds[1] "v1" is the second network volume in EU-RO-1, and RunPod allows one per data center. Remove one of them.',
    volumes("EU-RO-1", "EU-RO-1"),
  ],
  [
    'networkVolumeIds[0] "v0" is in EU-RO-1, where dataCenterIds allows no worker. Add EU-RO-1 to dataCenterIds, or remove the volume.',
    { ...volumes("EU-RO-1"), dataCenterIds: ["US-KS-2"] },
  ],
  [
    "template is a template for pods, and RunPod rejects it for an endpoint. Set isServerless: true on the template.",
    { ...gpu, __serverlessTemplate: false },
  ],
  [
    'ports must include "8000/http", because env makes the server listen on port 8000. Add it.',
    { ...balanced, env: { PORT: "8000" } },
  ],
  ['executionTimeout "1s" must be from 5s to 168h.', { ...gpu, executionTimeout: "1s" }],
  [
    'executionTimeout 600000 must be a duration such as "45m".',
    { ...gpu, executionTimeout: 600000 },
  ],
  [
    'gpuTypeIds[0] "ADA_24" is a serverless pool, not a GPU type. Use a type from the catalog, such as "NVIDIA L40S".',
    { ...gpu, gpuTypeIds: ["ADA_24"] },
  ],
])("%s", (message, given) => {
  expect(problems(given)).toEqual([message]);
});

describe("defaults", () => {
  test("are those of RunPod's console and SDK, not those of its API", () => {
    expect(check({}, gpu).inputs).toMatchObject({
      type: "QUEUE",
      gpuCount: 1,
      workersMin: 0,
      workersMax: 3,
      idleTimeout: 5,
      scalerType: "QUEUE_DELAY",
      scalerValue: 4,
      flashboot: "FLASHBOOT",
      executionTimeout: "10m",
      containerDiskInGb: 50,
      drainTimeout: "5m",
    });
  });

  test("contain no idle timeout where RunPod rejects one", () => {
    expect(check({}, queued).inputs).not.toHaveProperty("idleTimeout");
    expect(next(gpu, queued)).not.toHaveProperty("idleTimeout");
    expect(next(queued, gpu)).toMatchObject({ scalerType: "QUEUE_DELAY", idleTimeout: 5 });
  });

  test("belong to the type", () => {
    expect(next(gpu, balanced)).toMatchObject({ scalerType: "REQUEST_COUNT", idleTimeout: 5 });
    expect(next(balanced, gpu)).toMatchObject({ type: "LOAD_BALANCER" });
  });

  test("never override a template that is given only by its id", () => {
    const { inputs } = check({}, { templateId: "t", gpuTypeIds: ["NVIDIA L4"] });
    expect(inputs).not.toHaveProperty("containerDiskInGb");
  });
});

/** An endpoint with volumes in these data centers. */
function volumes(...places: unknown[]): Values {
  const ids = places.map((_, index) => `v${index}`);
  return { ...gpu, networkVolumeIds: ids, __volumePlaces: places };
}
