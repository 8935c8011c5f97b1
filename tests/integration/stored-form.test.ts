import { isDeepStrictEqual } from "node:util";
import { isUnpacked, type Values } from "@runpod-stack/provider/schema";
import { unsealed } from "../support/plugin";
import type { TestResource } from "../support/resource";
import { type Scene, startScene } from "../support/scene";

const VOLUME = { size: 10, dataCenterId: "EU-RO-1" };
const IMAGE = { imageName: "python:3.12", ports: ["8000/http"], env: { A: "1", B: "2" } };
const POD = { ...IMAGE, gpuTypeIds: ["NVIDIA L4"] };
const KINDS = [
  ["Pod", POD, { ...POD, env: { A: "2" } }],
  ["Volume", VOLUME, { ...VOLUME, size: 20 }],
  ["Template", IMAGE, { ...IMAGE, env: { A: "2" } }],
] as const;

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});

beforeEach(async () => {
  await scene.emulator.reset();
});

afterAll(() => scene.close());

const writes = async () =>
  (await scene.emulator.requests()).filter(({ method }) => method !== "GET");

function form({ state }: TestResource) {
  const { inputs = {}, outputs = {} } = state ?? {};
  return { inputs: isUnpacked(inputs), outputs: isUnpacked(outputs) };
}

/** The keys of the stored inputs that an `up` changed, which the engine shows. */
function changedKeys(before: Values, after: Values): string[] {
  const [old, now] = [before, after].map(unsealed) as [Values, Values];
  const differs = (key: string) => !isDeepStrictEqual(old[key], now[key]);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(differs).sort();
}

describe.each(KINDS)("a %s", (kind, props, others) => {
  const made = async () => {
    const resource = scene.resource(kind, "it");
    await resource.up(props);
    await scene.emulator.clearRequests();
    return resource;
  };
  const madeByOlder = async () => {
    const resource = await made();
    resource.becomeUnpacked();
    return resource;
  };

  test("stores what only its handlers need in lines, through refreshes and updates", async () => {
    const resource = await made();
    const packed = { inputs: false, outputs: false };
    expect(form(resource)).toEqual(packed);
    expect(await resource.refresh()).toBe(true);
    expect(form(resource)).toEqual(packed);
    expect(await resource.up(props)).toBe("unchanged");
    expect(await resource.up(others)).toBe("updated");
    expect(form(resource)).toEqual(packed);
    await resource.destroy();
  });

  test("of an older release shows no change, and its inputs shrink meanwhile", async () => {
    const resource = await madeByOlder();
    expect(await resource.up(props)).toBe("unchanged");
    expect(form(resource)).toEqual({ inputs: false, outputs: true });
    expect(await resource.up(props)).toBe("unchanged");
    expect(await writes()).toEqual([]);
    await resource.destroy();
  });

  test("of an older release keeps the form that a refresh would show", async () => {
    const resource = await madeByOlder();
    const { outputs } = resource.state as { outputs: Values };
    expect(await resource.refresh()).toBe(true);
    expect(changedKeys(outputs, resource.state?.outputs ?? {})).toEqual([]);
    expect(await resource.up(props)).toBe("unchanged");
    expect(await writes()).toEqual([]);
    await resource.destroy();
  });

  test("of an older release shows only what has changed, and has shrunk by the next `up`", async () => {
    const resource = await madeByOlder();
    const { id, inputs } = resource.state as { id: string; inputs: Values };
    expect(await resource.up(others)).toBe("updated");
    expect(resource.id).toBe(id);
    const shown = changedKeys(inputs, resource.state?.inputs ?? {});
    expect(shown.filter((key) => !["__defaults", "revision"].includes(key))).toHaveLength(1);
    expect(form(resource)).toEqual({ inputs: true, outputs: false });
    expect(await resource.up(others)).toBe("unchanged");
    expect(form(resource)).toEqual({ inputs: false, outputs: false });
    await resource.destroy();
  });

  test("keeps its token and its account whatever the form", async () => {
    const resource = await madeByOlder();
    const { __token, __account, __live } = resource.outputs;
    await resource.up(others);
    await resource.up(others);
    await resource.refresh();
    expect(resource.outputs).toMatchObject({ __token, __account, __live });
    await resource.destroy();
  });
});
