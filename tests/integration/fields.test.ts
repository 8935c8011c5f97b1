import type { Kind, Values } from "@runpod-stack/provider/schema";
import { KINDS } from "../support/field-cases";
import { type Scene, startScene } from "../support/scene";

let scene: Scene;
let costCenters = 0;

beforeAll(async () => {
  scene = await startScene();
});

afterAll(() => scene.close());

describe.each(KINDS)("%s", (kind, base, cases, table) => {
  test.each(Object.entries(cases))(
    "a change of %s does what its row in the field table says",
    async (field, fieldCase) => {
      const printedBefore = scene.plugin.output().length;
      const needed = await prerequisites(kind, field);
      const inputs = { ...base, ...fieldCase.with };
      const before = field in needed ? needed[field] : fieldCase.before;
      const resource = scene.resource(kind, "it");
      await resource.up(defined({ ...inputs, ...(before !== undefined && { [field]: before }) }));
      const firstId = resource.id;
      await scene.emulator.clearRequests();

      const given = defined({ ...inputs, ...fieldCase.afterwards, [field]: fieldCase.after });
      expect([await resource.up(given), resource.failures]).toEqual([fieldCase.step, []]);

      const writes = (await scene.emulator.requests()).filter(({ method }) => method !== "GET");
      if (fieldCase.step === "replaced") {
        expect(resource.id).not.toBe(firstId);
        // Their order depends on the kind.
        expect(writes.map(({ method }) => method).sort()).toEqual(["DELETE", "POST"]);
      } else {
        expect(resource.id).toBe(firstId);
        if (fieldCase.sent === null) {
          expect(await scene.emulator.requests()).toEqual([]);
        } else if (fieldCase.sent !== undefined) {
          expect(writes.map(({ body }) => body)).toEqual([fieldCase.sent]);
        }
      }
      expect(await resource.up(given)).toBe("unchanged");
      expect(await resource.refresh()).toBe(true);
      expect(await resource.up(given)).toBe("unchanged");
      const warned = /restarted in place because of/.test(
        scene.plugin.output().slice(printedBefore),
      );
      expect(warned).toBe(table[field]?.change === "restart" && fieldCase.step === "updated");
      await resource.destroy();
    },
  );
});

/** Objects that a field's value must name, made outside of the stack. */
async function prerequisites(kind: Kind, field: string): Promise<Values> {
  const create = async (path: string, body: unknown) =>
    ((await scene.emulator.call("POST", path, body)).body as { id: string }).id;
  if (field === "networkVolumeId") {
    return {
      [field]: await create("/v2/network-volumes", { name: "n", size: 10, dataCenter: "EU-RO-1" }),
    };
  }
  if (field === "networkVolumeIds") {
    const volume = { name: "n", size: 10, dataCenter: "EU-RO-1" };
    return { [field]: [await create("/v2/network-volumes", volume)] };
  }
  if (field === "globalVolumeId") {
    return { [field]: await create("/v2/global-volumes", { name: "n" }) };
  }
  if (field === "templateId") {
    const serverless = kind === "ServerlessEndpoint";
    const template = { name: "n", image: "python:3.12", serverless };
    return { [field]: await create("/v2/templates", template) };
  }
  if (field === "containerRegistryAuthId") {
    return { [field]: await create("/v2/registries", { name: "n", username: "u", password: "p" }) };
  }
  if (field === "costCenterId") {
    return { [field]: await create("/v2/cost-centers", { value: `n${costCenters++}` }) };
  }
  return {};
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
