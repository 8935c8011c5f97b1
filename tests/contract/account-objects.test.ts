import {
  zCostCenter,
  zEcrDelegation,
  zGlobalVolume,
  zRegistry,
  zSecret,
  zSshKeys,
  zTag,
} from "@runpod-stack/openapi";
import type { Kind, Values } from "@runpod-stack/provider/schema";
import { Contract, type Exchange } from "../support/contract";
import type { Plugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { type ContractScene, startContractScene } from "./scene";

/*
 * The smaller objects of an account, both ways: what the emulator answers, and what the provider
 * sends.
 */

const contract = new Contract();
let scene: ContractScene;
let plugin: Plugin;

beforeAll(async () => {
  scene = await startContractScene();
  plugin = await scene.plugin();
});
afterAll(() => scene.close());

/** Without the pages of lists that RunPod's description has as whole ones: it has begun to page others. */
const violationsOf = (exchanges: readonly Exchange[]) =>
  exchanges
    .flatMap((exchange) => contract.violations(exchange))
    .filter(({ part, pointer }) => part !== "answer 200 body" || pointer !== "/pagination");
const violations = async () => violationsOf(await scene.proxy.take());

const ARN = "arn:aws:ecr:us-east-1:123456789012:repository/worker";

describe("the emulator answers as described, and as the provider reads it, about", () => {
  test.each([
    ["secrets", "/v2/account/secrets", { name: "s", value: "v" }, { value: "w" }, zSecret],
    ["registries", "/v2/registries", { name: "r", username: "u", password: "p" }, null, zRegistry],
    ["delegations", "/v2/registries/delegations", { resource: ARN }, null, zEcrDelegation],
    ["tags", "/v2/tags", { key: "k", value: "v" }, { value: "w" }, zTag],
    ["costCenters", "/v2/cost-centers", { value: "v" }, { value: "w" }, zCostCenter],
    ["globalVolumes", "/v2/global-volumes", { name: "g" }, { name: "h" }, zGlobalVolume],
  ])("%s", async (key, route, body, change, validator) => {
    const created = await scene.call("POST", route, body);
    expect(created.status).toBe(201);
    const one = `${route}/${created.body.id}`;
    const shown = [created.body, ...(await scene.call("GET", route)).body[key]];
    if (key !== "delegations") {
      shown.push((await scene.call("GET", one)).body);
    }
    if (change !== null) {
      shown.push((await scene.call("PATCH", one, change)).body);
    }
    for (const object of shown) {
      expect(validator.safeParse(object).success).toBe(true);
    }
    expect((await scene.call("DELETE", one)).status).toBe(204);
    expect(await violations()).toEqual([]);
  });

  test("the resources of tags and cost centers", async () => {
    const pod = { name: "p", image: "python:3.12", gpu: { id: "NVIDIA L4", count: 1 } };
    const { id } = (await scene.call("POST", "/v2/pods", pod)).body;
    const tag = (await scene.call("POST", "/v2/tags", { key: "a", value: "" })).body;
    const costCenter = (await scene.call("POST", "/v2/cost-centers", { value: "a" })).body;
    for (const route of [`/v2/tags/${tag.id}`, `/v2/cost-centers/${costCenter.id}`]) {
      for (const method of ["PUT", "DELETE"]) {
        const answer = await scene.call(method, `${route}/resources/POD/${id}`);
        expect(answer.status).toBe(204);
      }
    }
    await scene.call("PUT", `/v2/cost-centers/${costCenter.id}/resources/POD/${id}`);
    await scene.call("GET", `/v2/cost-centers/${costCenter.id}/resources`);
    await scene.call("GET", "/v2/cost-centers?search=a&limit=2");
    await scene.call("GET", "/v2/account/secrets?name=s");
    await scene.call("DELETE", `/v2/pods/${id}`);
    expect(await violations()).toEqual([]);
  });

  test("SSH keys", async () => {
    const keys = ["ssh-ed25519 AAAA a@b"];
    const put = await scene.call("PUT", "/v2/account/ssh-keys", { keys });
    const got = await scene.call("GET", "/v2/account/ssh-keys");
    expect([put, got].map(({ body }) => zSshKeys.safeParse(body).data)).toEqual([
      { keys },
      { keys },
    ]);
    await scene.call("PUT", "/v2/account/ssh-keys", { keys: [] });
    expect(await violations()).toEqual([]);
  });

  test.each([
    [422, "POST", "/v2/account/secrets", { name: "a b", value: "v" }],
    [409, "POST", "/v2/account/secrets", { name: "Taken", value: "v" }],
    [404, "PATCH", "/v2/account/secrets/none", { value: "v" }],
    [422, "POST", "/v2/registries", { name: "r" }],
    [404, "DELETE", "/v2/registries/delegations/none", undefined],
    [422, "POST", "/v2/tags", { key: " ", value: "v" }],
    [400, "POST", "/v2/tags", { key: "runpod:x", value: "v" }],
    [404, "POST", "/v2/tags", { key: "k", value: "v", resources: [{ id: "none", type: "POD" }] }],
    [422, "POST", "/v2/cost-centers", { value: "v".repeat(51) }],
    [404, "GET", "/v2/global-volumes/none", undefined],
  ])("a refusal with %i: %s %s", async (status, method, route, body) => {
    const taken = { name: "taken", value: "v" };
    const { id } = (await scene.call("POST", "/v2/account/secrets", taken)).body;
    await scene.proxy.take();
    expect((await scene.call(method, route, body)).status).toBe(status);
    const answers = (await violations()).filter(({ part }) => !part.startsWith("request"));
    expect(answers).toEqual([]);
    await scene.call("DELETE", `/v2/account/secrets/${id}`);
    await scene.proxy.take();
  });
});

describe("the provider sends what is described", () => {
  const lives: readonly [Kind, Values[], string[]][] = [
    [
      "Pod",
      [
        { imageName: "python:3.12", gpuTypeIds: ["NVIDIA L4"], tags: { app: "a" } },
        { imageName: "python:3.12", gpuTypeIds: ["NVIDIA L4"] },
      ],
      [
        "DELETE /v2/pods/{id}",
        "DELETE /v2/tags/{id}/resources/{resourceType}/{resourceId}",
        "GET /v2/pods",
        "GET /v2/pods/{id}",
        "GET /v2/tags",
        "POST /v2/pods",
        "POST /v2/tags",
        "PUT /v2/tags/{id}/resources/{resourceType}/{resourceId}",
      ],
    ],
    [
      "Secret",
      [{ value: "1" }, { value: "2", description: "d" }, { value: "2" }],
      [
        "DELETE /v2/account/secrets/{id}",
        "GET /v2/account/secrets",
        "GET /v2/account/secrets/{id}",
        "PATCH /v2/account/secrets/{id}",
        "POST /v2/account/secrets",
      ],
    ],
    [
      "RegistryAuth",
      [
        { username: "u", password: "1" },
        { username: "u", password: "2" },
      ],
      [
        "DELETE /v2/registries/{id}",
        "GET /v2/registries",
        "GET /v2/registries/{id}",
        "POST /v2/registries",
      ],
    ],
    [
      "EcrDelegation",
      [{ resourceArn: ARN }, { resourceArn: `${ARN}-2` }],
      [
        "DELETE /v2/registries/delegations/{id}",
        "GET /v2/registries/delegations",
        "POST /v2/registries/delegations",
      ],
    ],
    [
      "SshKeys",
      [{ keys: ["ssh-ed25519 AAAA a"] }, { keys: ["ssh-ed25519 BBBB b"] }],
      ["GET /v2/account/ssh-keys", "PUT /v2/account/ssh-keys"],
    ],
    [
      "Tag",
      [
        { key: "owner", value: "a" },
        { key: "owner", value: "" },
      ],
      [
        "DELETE /v2/tags/{id}",
        "GET /v2/tags",
        "GET /v2/tags/{id}",
        "PATCH /v2/tags/{id}",
        "POST /v2/tags",
      ],
    ],
    [
      "GlobalVolume",
      [{ name: "g" }, { name: "h" }],
      [
        "DELETE /v2/global-volumes/{id}",
        "GET /v2/global-volumes",
        "GET /v2/global-volumes/{id}",
        "PATCH /v2/global-volumes/{id}",
        "POST /v2/global-volumes",
      ],
    ],
    [
      "CostCenter",
      [{ value: "g" }, { value: "h" }],
      [
        "DELETE /v2/cost-centers/{id}",
        "GET /v2/cost-centers",
        "GET /v2/cost-centers/{id}",
        "PATCH /v2/cost-centers/{id}",
        "POST /v2/cost-centers",
      ],
    ],
  ];

  test.each(lives)("in the life of a %s", async (kind, steps, operations) => {
    const one = new TestResource(plugin, kind, "it");
    for (const inputs of steps) {
      expect([await one.up(inputs), one.failures]).not.toContain("refused");
      await one.refresh();
    }
    await one.destroy();
    const exchanges = (await scene.proxy.take()).filter(({ url }) => url.startsWith("/v2/"));
    expect(violationsOf(exchanges)).toEqual([]);
    const used = exchanges.map((exchange) => contract.operationOf(exchange) ?? "");
    expect([...new Set(used)].sort()).toEqual(operations);
  });
});
