import { writeFileSync } from "node:fs";
import path from "node:path";
import { endpoint, heldBy, printed, pulumiScene, volume } from "../../support/pulumi-scene";

jest.setTimeout(300_000);

const scene = pulumiScene();

describe("A serverless endpoint", () => {
  test("is created in a component with its volume and template, unchanged by a second up, and deleted", async () => {
    const stack = await scene.stack(`
      class Service extends pulumi.ComponentResource {
        constructor(name) {
          super("my:Service", name);
          const parent = this;
          const cache = ${volume("cache", "", "parent")}
          const template = new Template("worker", { imageName: "ubuntu:24.04", isServerless: true }, { parent });
          new ServerlessEndpoint("llm", {
            template, gpuTypeIds: ["NVIDIA L4"], networkVolumeIds: [cache.volumeId], workersMax: 1,
          }, { parent });
        }
      }
      new Service("service");`);
    await stack.up();
    expect(await scene.live()).toHaveLength(3);
    expect((await stack.up("--refresh")).steps).toEqual([]);
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });

  test("that is renamed with an alias, then moved to another stack, stays the same endpoint", async () => {
    const from = await scene.stack(endpoint("llm"));
    await from.up();
    const live = await scene.live();
    from.write(endpoint("renamed", "", `aliases: [{ name: "llm" }]`));
    expect((await from.up()).steps).toEqual([]);

    const to = await scene.stack(endpoint("renamed"), { beside: from, name: "to" });
    await from.move(to, "ServerlessEndpoint renamed");
    expect((await to.up()).steps).toEqual(["create Ownership runpod"]);
    from.write("");
    expect(printed(await from.destroy())).toContain(live[0]);
    expect(await scene.live()).toEqual(live);
    await to.destroy();
    expect(await scene.live()).toEqual([]);
  });

  test("that was created elsewhere is imported from a file, and nothing about it changes", async () => {
    const body = {
      name: "by hand",
      type: "QUEUE",
      image: "ubuntu:24.04",
      gpu: { pools: ["AMPERE_48"], excludedTypes: ["NVIDIA A40"] },
      scaling: { type: "REQUEST_COUNT", requestCount: 2 },
      workers: { min: 0, max: 2 },
    };
    const id = await scene.create("/v2/serverless", body);
    const stack = await scene.stack(
      `new ServerlessEndpoint("llm", { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA RTX A6000"] });`,
    );
    const inputs = {
      imageName: "ubuntu:24.04",
      __provider: `exports.handler=()=>require("@runpod-stack/provider/handlers").get("ServerlessEndpoint")`,
    };
    const type = "pulumi-nodejs:dynamic/runpod:ServerlessEndpoint";
    const file = path.join(stack.scratch, "import.json");
    const resources = [{ type, name: "llm", id, inputs, outputs: inputs }];
    writeFileSync(file, JSON.stringify({ resources }));
    const importing = ["--generate-code=false", "--protect=false", "--yes"];
    await stack.run("import", "--file", file, ...importing);
    await stack.refresh();
    await stack.up();
    expect(await heldBy(stack)).toEqual([id]);
    const { workers, scaling, gpu } = (await scene.emulator.call("GET", `/v2/serverless/${id}`))
      .body;
    expect({ workers, scaling }).toEqual({ workers: body.workers, scaling: body.scaling });
    expect(gpu).toMatchObject(body.gpu);
    expect((await stack.up("--refresh")).steps).toEqual([]);
  });
});
