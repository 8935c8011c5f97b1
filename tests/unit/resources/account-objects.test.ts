import * as pulumi from "@pulumi/pulumi";
import {
  CostCenter,
  EcrDelegation,
  GlobalVolume,
  Pod,
  RegistryAuth,
  runpodSecret,
  Secret,
  SshKeys,
  Tag,
  Volume,
} from "../../../provider/src";
import { handlerLine } from "../../../provider/src/schema";
import { type MockedEngine, mockEngine } from "./mocked-engine";

let engine: MockedEngine;
beforeEach(async () => {
  engine = await mockEngine();
});
afterEach(() => pulumi.runtime.setAllConfig({}));

const read = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const podArgs = { imageName: "a", gpuTypeIds: ["NVIDIA L4"] };

test("each resource registers its kind, and has its id under a separate name", async () => {
  const all = {
    Secret: new Secret("s", { value: "v" }).secretId,
    RegistryAuth: new RegistryAuth("s", { username: "u", password: "p" }).registryAuthId,
    EcrDelegation: new EcrDelegation("s", { resourceArn: "arn" }).delegationId,
    Tag: new Tag("s", { key: "k", value: "v" }).tagId,
    GlobalVolume: new GlobalVolume("s").globalVolumeId,
    CostCenter: new CostCenter("s", { value: "v" }).costCenterId,
    SshKeys: new SshKeys("s", { keys: [] }).id,
  };
  for (const [kind, id] of Object.entries(all)) {
    expect(await read(id)).toBe("s-id");
    const inputs = await engine.inputsOf("s", kind);
    expect(inputs["__provider"]).toBe(handlerLine(kind as "Secret"));
  }
});

test("what is secret stays secret, also if the program passes it in plain text", async () => {
  const secret = new Secret("s", { value: "v" });
  const auth = new RegistryAuth("r", { username: "u", password: "p" });
  const tag = new Tag("t", { key: "k", value: "v" });
  expect(await pulumi.isSecret(secret.value)).toBe(true);
  expect(await pulumi.isSecret(secret.name)).toBe(false);
  expect(await pulumi.isSecret(auth.password)).toBe(true);
  expect(await pulumi.isSecret(tag.value)).toBe(false);
});

describe("runpodSecret", () => {
  test("refers to a secret of the program, or to one by its name", async () => {
    const secret = new Secret("s", { name: "hf_token", value: "v" });
    for (const one of [secret, "hf_token", pulumi.output("hf_token")]) {
      expect(await read(runpodSecret(one))).toBe("{{ RUNPOD_SECRET_hf_token }}");
    }
    expect(await pulumi.isSecret(runpodSecret(secret))).toBe(false);
  });

  test.each(["RUNPOD_SECRET_hf_token", "{{ RUNPOD_SECRET_hf_token }}", "", "a b"])(
    "refuses %j, which is no name",
    (name) => {
      expect(() => runpodSecret(name)).toThrow(/^runpodSecret: the name ".*" must /);
    },
  );
});

describe("the tags of the stack's configuration", () => {
  const configure = (tags: string) => pulumi.runtime.setAllConfig({ "runpod:tags": tags });

  test("are on everything that can have some, and those of a resource win", async () => {
    configure('{"team":"ml","release":2}');
    new Pod("p", { ...podArgs, tags: { team: pulumi.output("web"), app: "chat" } });
    new Volume("v", { size: 10, dataCenterId: "EU-RO-1" });
    expect((await engine.inputsOf("p", "Pod"))["tags"]).toEqual({
      team: "web",
      release: "2",
      app: "chat",
    });
    expect((await engine.inputsOf("v", "Volume"))["tags"]).toEqual({ team: "ml", release: "2" });
  });

  test("without any, a resource has only its own", async () => {
    new Pod("p", podArgs);
    expect((await engine.inputsOf("p", "Pod"))["tags"]).toBeUndefined();
  });

  test.each(["team=ml", "[1]", '{"a":[]}', "null"])("%j is refused", (tags) => {
    configure(tags);
    expect(() => new Pod("p", podArgs)).toThrow(
      "runpod:tags in the stack's configuration must be a map from keys to strings. Set each tag with `pulumi config set --path runpod:tags.<key> <value>`.",
    );
  });

  test("have a name that is checked like other settings", () => {
    pulumi.runtime.setAllConfig({ "runpod:tag": "x" });
    expect(() => new Pod("p", podArgs)).toThrow(
      "Did you mean runpod:tags? Run `pulumi config set --path runpod:tags.<key> <value>`",
    );
  });
});
