import { specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_POD, HAPPY_VOLUME, item, ofPod, ofTemplate, options, said } from "../scene";

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
      "mandatory: dataCenterIds US-KS-2 must be EU-RO-1 or EU-CZ-1: allowed-data-centers allows no other. Remove US-KS-2, or add it to allowed-data-centers.",
    ]);
    expect(judged(undefined)).toEqual([
      "mandatory: dataCenterIds must be set to EU-RO-1 or EU-CZ-1: without it, RunPod may choose any data center. Set dataCenterIds to allowed data centers.",
    ]);
    expect(judged([])).toHaveLength(1);
  });

  test("ignores what is not known, and templates", () => {
    expect(judged(UNKNOWN)).toEqual([]);
    expect(judged([UNKNOWN, "EU-RO-1"])).toEqual([]);
    expect(ofTemplate("allowed-data-centers", { dataCenterIds: ["US-KS-2"] }, config)).toEqual([]);
  });

  test("checks volumes, too", () => {
    const volume = (dataCenterId: unknown) => [item("Volume", { ...HAPPY_VOLUME, dataCenterId })];
    expect(said("allowed-data-centers", volume("EU-RO-1"), config)).toEqual([]);
    expect(said("allowed-data-centers", volume("US-KS-2"), config)).toEqual([
      expect.stringMatching(/^mandatory: dataCenterId US-KS-2 must be EU-RO-1 or EU-CZ-1: /),
    ]);
    expect(said("allowed-data-centers", volume(undefined), config)).toEqual([
      expect.stringMatching(/^mandatory: dataCenterId must be set to .* Set dataCenterId to /),
    ]);
    expect(said("allowed-data-centers", volume(UNKNOWN), config)).toEqual([]);
  });
});

describe("cloud-type", () => {
  test("accepts the secure cloud, explicitly or by default", () => {
    expect(ofPod("cloud-type")).toEqual([]);
    expect(ofPod("cloud-type", { cloudType: undefined })).toEqual([]);
  });

  test("advises against the community cloud, unless it is allowed", () => {
    const community = { cloudType: "COMMUNITY" };
    expect(ofPod("cloud-type", community)).toEqual([
      "advisory: cloudType COMMUNITY must be SECURE: community cloud hosts belong to third parties, who can read prompts, tokens and weights on them. Set cloudType to SECURE, or allow COMMUNITY in cloud-type.",
    ]);
    expect(ofPod("cloud-type", { cloudType: UNKNOWN })).toEqual([]);
    const unknownOnes = options("cloud-type", { allowed: ["A", "B"] });
    expect(ofPod("cloud-type", community, unknownOnes)[0]).toMatch(
      /^advisory: cloudType COMMUNITY must be A or B: .* Set cloudType to A or B, or allow/,
    );
    const both = options("cloud-type", { allowed: ["SECURE", "COMMUNITY"] });
    expect(ofPod("cloud-type", community, both)).toEqual([]);
    const other = options("cloud-type", { allowed: ["COMMUNITY"] });
    expect(ofPod("cloud-type", { cloudType: undefined }, other)[0]).toContain(
      "cloudType SECURE must be COMMUNITY",
    );
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
    expect(judged({ dataCenterIds: ["US-KS-2", "US-GA-1"] })).toEqual([
      "mandatory: dataCenterIds US-KS-2 and US-GA-1 must include EU-RO-1: the pod mounts a network volume in that data center, and cannot run anywhere else. Set dataCenterIds to [volume.dataCenterId].",
    ]);
  });

  test("refuses a network volume in the community cloud", () => {
    expect(judged({ cloudType: "COMMUNITY" }, [])).toEqual([
      "mandatory: cloudType COMMUNITY must be SECURE: the pod mounts a network volume, and network volumes are available only in the secure cloud. Set cloudType to SECURE, or use volumeInGb instead of the network volume.",
    ]);
  });

  test("ignores a volume that it does not see, and a pod without a volume", () => {
    expect(judged({ dataCenterIds: ["US-KS-2"] }, [])).toEqual([]);
    expect(ofPod("volume-placement", { cloudType: "COMMUNITY" })).toEqual([]);
  });

  test("ignores data centers that are not known, or not restricted", () => {
    const unplaced = item("Volume", { ...HAPPY_VOLUME, dataCenterId: UNKNOWN }, { id: "volume" });
    expect(judged({ dataCenterIds: ["US-KS-2"] }, [unplaced])).toEqual([]);
    expect(judged({ dataCenterIds: UNKNOWN })).toEqual([]);
    expect(judged({ dataCenterIds: [UNKNOWN, "US-KS-2"] })).toEqual([]);
    expect(judged({ dataCenterIds: [] })).toEqual([]);
  });

  test("ignores templates and volumes themselves", () => {
    const inputs = { ...HAPPY_POD, networkVolumeId: "abc", cloudType: "COMMUNITY" };
    expect(said("volume-placement", [item("Template", inputs), volume])).toEqual([]);
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
    expect(judged(false)).toEqual([
      "advisory: protect must be true: `pulumi destroy`, or removing the resource from the program by mistake, deletes the volume and everything on it. Add { protect: true } to the resource's options.",
    ]);
    expect(ofPod("volume-protected")).toEqual([]);
  });
});
