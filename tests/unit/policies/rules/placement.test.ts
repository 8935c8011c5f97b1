import { specOf } from "@runpod-stack/policies";
import { HAPPY_POD, HAPPY_VOLUME, item, ofPod, options, said } from "../scene";

describe("allowed-data-centers", () => {
  const config = options("allowed-data-centers", { allowed: ["EU-RO-1", "EU-CZ-1"] });
  const judged = (dataCenterIds: unknown) =>
    ofPod("allowed-data-centers", { dataCenterIds }, config);

  test("accepts all data centers if none is configured, and the configured ones", () => {
    expect(ofPod("allowed-data-centers")).toEqual([]);
    expect(judged(["EU-RO-1", "EU-CZ-1"])).toEqual([]);
  });

  test("refuses others, and a pod that may run anywhere", () => {
    expect(judged(["EU-RO-1", "US-KS-2"])).toEqual([
      expect.stringMatching(/^mandatory: dataCenterIds US-KS-2 must be EU-RO-1 or EU-CZ-1/),
    ]);
    expect(judged(undefined)[0]).toMatch(/^mandatory: dataCenterIds must be set to EU-RO-1 or/);
    expect(judged([])).toHaveLength(1);
  });

  test("checks volumes, too", () => {
    const volume = (dataCenterId: string) => [item("Volume", { ...HAPPY_VOLUME, dataCenterId })];
    expect(said("allowed-data-centers", volume("EU-RO-1"), config)).toEqual([]);
    expect(said("allowed-data-centers", volume("US-KS-2"), config)).toHaveLength(1);
  });
});

describe("cloud-type", () => {
  test("accepts the secure cloud, explicitly or by default", () => {
    expect(ofPod("cloud-type")).toEqual([]);
    expect(ofPod("cloud-type", { cloudType: undefined })).toEqual([]);
  });

  test("advises against the community cloud, unless it is allowed", () => {
    const community = { cloudType: "COMMUNITY" };
    expect(ofPod("cloud-type", community)[0]).toMatch(
      /^advisory: cloudType COMMUNITY must be SECURE/,
    );
    const both = options("cloud-type", { allowed: ["SECURE", "COMMUNITY"] });
    expect(ofPod("cloud-type", community, both)).toEqual([]);
  });
});

describe("volume-placement", () => {
  const volume = item("Volume", HAPPY_VOLUME, { id: "volume" });
  const judged = (changes: Record<string, unknown>, items = [volume]) => {
    const inputs = { ...HAPPY_POD, volumeInGb: undefined, networkVolumeId: "abc", ...changes };
    const dependencies = { networkVolumeId: ["volume"] };
    return said("volume-placement", [item("Pod", inputs, { id: "pod", dependencies }), ...items]);
  };

  test("accepts a pod in its volume's data center, or without a data center", () => {
    expect(judged({ dataCenterIds: ["EU-RO-1"] })).toEqual([]);
    expect(judged({})).toEqual([]);
  });

  test("refuses a pod in a data center without its volume", () => {
    expect(judged({ dataCenterIds: ["US-KS-2", "US-GA-1"] })[0]).toMatch(
      /^mandatory: dataCenterIds US-KS-2 and US-GA-1 must include EU-RO-1/,
    );
  });

  test("refuses a network volume in the community cloud", () => {
    expect(judged({ cloudType: "COMMUNITY" }, [])[0]).toMatch(/^mandatory: cloudType COMMUNITY/);
  });

  test("ignores a volume that it does not see, and a pod without a volume", () => {
    expect(judged({ dataCenterIds: ["US-KS-2"] }, [])).toEqual([]);
    expect(ofPod("volume-placement", { cloudType: "COMMUNITY" })).toEqual([]);
  });
});

describe("volume-protected", () => {
  const judged = (isProtected?: boolean) => {
    const spec = specOf("Volume", HAPPY_VOLUME, { isProtected });
    return said("volume-protected", [{ id: "volume", spec, dependencies: {} }]);
  };

  test("accepts a protected volume, and a volume outside of a stack", () => {
    expect(judged(true)).toEqual([]);
    expect(judged()).toEqual([]);
  });

  test("advises protecting a volume", () => {
    expect(judged(false)[0]).toMatch(/^advisory: protect must be true/);
  });
});
