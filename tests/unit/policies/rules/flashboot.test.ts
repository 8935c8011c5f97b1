import { UNKNOWN } from "@runpod-stack/provider/schema";
import { ofEndpoint } from "../scene";

const judged = (changes: Record<string, unknown>) => ofEndpoint("flashboot", changes);

describe("flashboot", () => {
  test.each(["FLASHBOOT", "PRIORITY_FLASHBOOT", UNKNOWN])("accepts %p", (flashboot) => {
    expect(judged({ flashboot })).toEqual([]);
  });

  test.each([
    ["OFF", "flashboot OFF must be FLASHBOOT: then"],
    [undefined, "flashboot must be FLASHBOOT: without it, FlashBoot is off, and"],
  ])("advises against %p", (flashboot, message) => {
    expect(judged({ flashboot })).toEqual([
      `advisory: ${message} each worker that starts again loads everything from the beginning while a request waits. FlashBoot has no additional cost. Set flashboot to "FLASHBOOT".`,
    ]);
  });

  test("says nothing while the number of workers is not known", () => {
    expect(judged({ flashboot: "OFF", workersMin: UNKNOWN })).toEqual([]);
    expect(judged({ flashboot: "OFF", workersMax: UNKNOWN })).toEqual([]);
    expect(judged({ flashboot: "OFF", workersMin: undefined, workersMax: undefined })).toHaveLength(
      1,
    );
  });

  test("accepts OFF where no worker ever starts again, and without GPUs", () => {
    expect(judged({ flashboot: "OFF", workersMin: 3, workersMax: 3 })).toEqual([]);
    expect(judged({ flashboot: "OFF", workersMax: 0 })).toEqual([]);
    expect(judged({ flashboot: "OFF", gpuTypeIds: undefined, cpuFlavorIds: ["cpu3c"] })).toEqual(
      [],
    );
  });
});
