import { Secret, unknownCheckingProxy } from "@pulumi/policy";
import { runpodPolicies } from "@runpod-stack/policies";
import {
  pod,
  remediated,
  runpodPolicy,
  serverlessEndpoint,
  template,
  unknown,
  violationsOf,
  volume,
} from "../../../policies/src/testing";
import { HAPPY_ENDPOINT, HAPPY_POD, LOAD_BALANCER, WITHOUT_VOLUME } from "./scene";

const disk = runpodPolicy("container-disk-size");
const cache = runpodPolicy("persistent-hf-cache");
const bad = { ...HAPPY_POD, ...WITHOUT_VOLUME, containerDiskInGb: 20 };

/** As inputs travel, nothing is undefined. */
const given = (inputs: object) => JSON.parse(JSON.stringify(inputs));

describe("the pack's policies", () => {
  test("refuse what is certain, with the remedy on a separate line", async () => {
    const [violation] = await violationsOf(disk, pod(given(bad)));
    expect(violation).toMatchObject({ level: "mandatory", resource: "pod" });
    expect(violation?.message).toMatch(
      /^containerDiskInGb 20 must be 87 or more: .*\.\nSet containerDiskInGb/,
    );
  });

  test("advise on what is doubtful by default, even if they are mandatory", async () => {
    const doubtful = pod(given({ ...bad, dockerStartCmd: ["acme/secret-llm"] }));
    expect(await violationsOf(disk, doubtful)).toMatchObject([{ level: "advisory" }]);
    const strict = { doubts: "mandatory" };
    expect(await violationsOf(disk, doubtful, strict)).toMatchObject([{ level: "mandatory" }]);
  });

  test("check a pod whose volume a preview does not know yet", async () => {
    const network = { ...HAPPY_POD, volumeInGb: undefined, networkVolumeId: unknown };
    expect(await violationsOf(cache, pod(given(network)))).toEqual([]);
    const elsewhere = given({ ...network, volumeMountPath: "/workspace" });
    expect(await violationsOf(cache, pod(elsewhere))).toMatchObject([{ level: "mandatory" }]);
  });

  test("never throw or refuse because of an unknown value", async () => {
    for (const policy of runpodPolicies()) {
      for (const key of Object.keys(HAPPY_POD)) {
        const resource = pod(given({ ...HAPPY_POD, [key]: unknown }));
        expect(await violationsOf(policy, resource)).toEqual([]);
      }
    }
  });

  test("check serverless endpoints, also with values that a preview does not know", async () => {
    for (const inputs of [HAPPY_ENDPOINT, { ...HAPPY_ENDPOINT, ...LOAD_BALANCER }]) {
      for (const policy of runpodPolicies()) {
        expect(await violationsOf(policy, serverlessEndpoint(given(inputs)))).toEqual([]);
        for (const key of Object.keys(given(inputs))) {
          const resource = serverlessEndpoint(given({ ...inputs, [key]: unknown }));
          expect(await violationsOf(policy, resource)).toEqual([]);
        }
      }
    }
    const unshared = serverlessEndpoint(given({ ...HAPPY_ENDPOINT, networkVolumeIds: undefined }));
    expect(await violationsOf(disk, unshared)).toMatchObject([
      { level: "mandatory", resource: "endpoint" },
    ]);
  });

  test("check a serverless template as such: without a persistent disk", async () => {
    const inputs = given({ ...HAPPY_POD, isServerless: true });
    expect(await violationsOf(cache, template(inputs))).toMatchObject([
      { level: "advisory", message: expect.stringContaining("/runpod-volume") },
    ]);
    const ports = runpodPolicy("public-endpoint-auth");
    expect(await violationsOf(ports, template({ ...inputs, env: {} }))).toEqual([]);
  });

  test("find the volumes that an endpoint mounts", async () => {
    const volumes = [
      volume({ size: 40, dataCenterId: "EU-RO-1" }, { name: "a" }),
      volume({ size: 100, dataCenterId: "US-KS-2" }, { name: "b" }),
    ];
    const inputs = given({ ...HAPPY_ENDPOINT, networkVolumeIds: [unknown, unknown] });
    const endpoint = serverlessEndpoint(inputs, { dependencies: { networkVolumeIds: volumes } });
    expect(
      await violationsOf(runpodPolicy("cache-volume-size"), [...volumes, endpoint]),
    ).toMatchObject([{ level: "mandatory", resource: "a" }]);
  });

  test("advise on what they cannot check, and never throw", async () => {
    const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
    const mark = "4dabf18193072939515e22adb298388d";
    const secret = Array.from({ length: 5_000 }).reduce<object>(
      (value) => ({ [mark]: "1b47061264138c4ac30d75fd1eb44270", value }),
      {},
    );
    const long = { dockerStartCmd: ["x".repeat(200_000)] };
    for (const inputs of [{ env: deep }, { imageName: secret, env: { A: secret } }, long]) {
      for (const policy of runpodPolicies()) {
        for (const { level } of await violationsOf(policy, pod({ ...HAPPY_POD, ...inputs }))) {
          expect(level).toBe("advisory");
        }
      }
    }
    expect(
      await violationsOf(runpodPolicy("spec-size"), pod(given({ ...HAPPY_POD, ...long }))),
    ).toMatchObject([
      { level: "advisory", message: expect.stringContaining("dockerStartCmd cannot be checked") },
    ]);
  });

  test("ignore other resources", async () => {
    const bucket = { type: "aws:s3/bucket:Bucket", name: "b", props: bad, options: {} };
    for (const policy of runpodPolicies()) {
      expect(await violationsOf(policy, bucket)).toEqual([]);
    }
  });

  test("check a pod with a template of the program, and not what a template given by its id may set", async () => {
    const byId = given({ ...bad, templateId: "tpl" });
    const resolved = { ...byId, templateResolved: true };
    expect(await violationsOf(cache, pod(resolved))).toMatchObject([{ level: "mandatory" }]);
    expect(await violationsOf(cache, pod(byId))).toEqual([]);
    expect(await violationsOf(cache, template(given(bad)))).toMatchObject([{ level: "advisory" }]);
  });

  test("recognize whether a volume is protected, and which pod mounts it", async () => {
    const open = volume({ size: 40, dataCenterId: "EU-RO-1" });
    const kept = volume({ size: 40, dataCenterId: "EU-RO-1" }, { protect: true });
    const isProtected = runpodPolicy("volume-protected");
    expect(await violationsOf(isProtected, open)).toHaveLength(1);
    expect(await violationsOf(isProtected, kept)).toEqual([]);
    const inputs = given({ ...HAPPY_POD, volumeInGb: undefined, networkVolumeId: unknown });
    const mounting = pod(inputs, { dependencies: { networkVolumeId: [open] } });
    const size = runpodPolicy("cache-volume-size");
    expect(await violationsOf(size, [open, mounting])).toMatchObject([
      { level: "mandatory", resource: "volume" },
    ]);
  });

  test("use the sizes in the first policy's options in all others", async () => {
    const policies = runpodPolicies();
    const resource = pod(
      given({ ...bad, dockerStartCmd: ["acme/secret-llm"], gpuTypeIds: ["NVIDIA L4"] }),
    );
    const memory = policies.find(({ name }) => name === "gpu-memory");
    const [first] = policies;
    if (first === undefined || memory === undefined) {
      throw new Error("a policy is missing");
    }
    expect(await violationsOf(memory, resource)).toEqual([]);
    await violationsOf(first, resource, { models: { "acme/secret-llm": { weightsGb: 300 } } });
    expect(await violationsOf(memory, resource)).toMatchObject([{ level: "mandatory" }]);
  });
});

describe("remediation", () => {
  const internal = { __provider: "exports.handler=…", networkVolumeId: unknown };

  test("sets a disk that is large enough, and keeps everything else", async () => {
    const inputs = given({ ...bad, __provider: "exports.handler=…" });
    expect(await remediated(disk, pod(inputs))).toEqual({ ...inputs, containerDiskInGb: 87 });
    expect(
      await remediated(disk, pod(given({ ...HAPPY_POD, ...internal, containerDiskInGb: 5 }))),
    ).toMatchObject({ ...internal, containerDiskInGb: 20 });
  });

  test("sets the minimum CUDA version of the image", async () => {
    const floor = runpodPolicy("cuda-floor");
    const inputs = given({ ...HAPPY_POD, minCudaVersion: undefined, ...internal });
    expect(await remediated(floor, pod(inputs))).toEqual({ ...inputs, minCudaVersion: "13.0" });
    expect(await remediated(floor, pod({ ...inputs, minCudaVersion: "12.8" }))).toMatchObject({
      minCudaVersion: "13.0",
    });
  });

  test("changes nothing if nothing is wrong, or if there are several right answers", async () => {
    const floor = runpodPolicy("cuda-floor");
    for (const policy of [disk, floor]) {
      expect(await remediated(policy, pod(HAPPY_POD))).toBeUndefined();
      expect(await remediated(policy, template(given(bad)))).toBeUndefined();
      expect(await remediated(policy, volume({ size: 10 }))).toBeUndefined();
    }
    const listed = { ...HAPPY_POD, minCudaVersion: undefined, allowedCudaVersions: ["12.4"] };
    expect(await remediated(floor, pod(given(listed)))).toBeUndefined();
    const unsized = { ...bad, dockerStartCmd: ["acme/secret-llm"] };
    expect(await remediated(disk, pod(given(unsized)))).toBeUndefined();
    expect(
      await remediated(disk, pod(given({ ...bad, containerDiskInGb: unknown }))),
    ).toBeUndefined();
  });

  test("reads values that Pulumi passes to it as secrets", async () => {
    const env = { HF_HOME: new Secret("/workspace/hf"), LIST: [new Secret("x")] };
    const props = { ...HAPPY_POD, volumeMountPath: "/workspace", containerDiskInGb: 5, env };
    const { remediateResource } = disk as { remediateResource?: (args: object) => unknown };
    const args = {
      type: pod({}).type,
      props: unknownCheckingProxy(props),
      getConfig: () => ({}),
      opts: {},
    };
    expect(remediateResource?.(args)).toMatchObject({ containerDiskInGb: 20 });
  });
});
