import { heldBy, pod, printed, pulumiScene, SERVING, volume } from "../../support/pulumi-scene";
import { failure } from "../../support/stack";

jest.setTimeout(300_000);

const scene = pulumiScene();
const L40S = `gpuTypeIds: ["NVIDIA L40S"]`;
const RETAIN = "retainOnDelete: true";

describe("`retainOnDelete` set on an existing resource", () => {
  test("keeps it when it is removed from the program and when the stack is destroyed, and destroy succeeds", async () => {
    const stack = await scene.stack(volume("weights") + pod("llm") + pod("dropped"));
    await stack.up();
    const live = await scene.live();
    stack.write(
      volume("weights", "", RETAIN) + pod("llm", "", RETAIN) + pod("dropped", "", RETAIN),
    );
    expect((await stack.up()).steps.filter((step) => !/^update /.test(step))).toEqual([]);
    stack.write(volume("weights", "", RETAIN) + pod("llm", "", RETAIN));
    await stack.up();
    expect(await scene.live()).toEqual(live);

    const shown = JSON.parse((await stack.recover("--json")).stdout);
    for (const { action } of shown.objects) {
      expect(action).toBe("check");
    }
    await stack.recover("--yes");
    const destroyed = printed(await stack.destroy());
    for (const id of live) {
      expect(destroyed).toContain(id);
    }
    expect(await scene.live()).toEqual(live);
  });

  test("and removed again deletes it with the stack", async () => {
    const stack = await scene.stack(pod("llm", "", RETAIN));
    await stack.up();
    const live = await scene.live();
    stack.write(pod("llm"));
    await stack.up();
    expect(await heldBy(stack)).toEqual(live);
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("`protect`", () => {
  test("refuses a replacement and a destroy, and nothing is deleted", async () => {
    const stack = await scene.stack(pod("llm", "", "protect: true"));
    await stack.up();
    const live = await scene.live();
    stack.write(pod("llm", L40S, "protect: true"));
    await failure(stack.up());
    await failure(stack.destroy());
    expect(await scene.live()).toEqual(live);
    expect(await heldBy(stack)).toEqual(live);
  });
});

describe("`ignoreChanges`", () => {
  test("keeps the ignored fields, and makes the rest of a change", async () => {
    const stack = await scene.stack(pod("llm", `env: { A: "1", B: "1" }`));
    await stack.up();
    const live = await scene.live();
    const ignoring = `ignoreChanges: ["gpuTypeIds", "env.A"]`;
    stack.write(pod("llm", `${L40S}, env: { A: "2", B: "2" }`, ignoring));
    expect((await stack.up()).steps).toEqual(["update Pod llm"]);
    expect(await scene.live()).toEqual(live);
    expect((await scene.emulator.call("GET", `/v2/pods/${live[0]}`)).body).toMatchObject({
      env: { A: "1", B: "2" },
    });
    expect((await stack.up("--refresh")).steps).toEqual([]);
  });
});

describe("`replaceOnChanges`", () => {
  test("replaces the pod, and the output does not mention a restart in place", async () => {
    const program = (value: string) =>
      pod("llm", `env: { A: "${value}" }, volumeInGb: 20`, `replaceOnChanges: ["env"]`);
    const stack = await scene.stack(program("1"));
    await stack.up();
    stack.write(program("2"));
    const update = await stack.up();
    expect(update.steps).toContain("replace Pod llm");
    expect(printed(update)).not.toMatch(/in place/);
    expect(await heldBy(stack)).toEqual(await scene.live());
  });
});

describe("`deleteBeforeReplace: false`", () => {
  test("creates the new pod first, and one pod remains", async () => {
    const program = (settings: string) => pod("llm", settings, "deleteBeforeReplace: false");
    const stack = await scene.stack(program(""));
    await stack.up();
    stack.write(program(L40S));
    expect((await stack.up()).steps[0]).toBe("create-replacement Pod llm");
    expect(await scene.live()).toHaveLength(1);
    expect(await heldBy(stack)).toEqual(await scene.live());
    expect((await stack.up("--refresh")).steps).toEqual([]);
  });
});

describe("`--target`", () => {
  test("changes the named resources, and the others stay in the state, unchanged", async () => {
    const stack = await scene.stack(pod("a") + pod("b"));
    await stack.up();
    const [live, b] = [await scene.live(), (await stack.held()).get("Pod b")];
    stack.write(pod("a", L40S) + pod("b", L40S));
    const steps = (await stack.up("--refresh", "--target", await stack.urn("Pod a"))).steps;
    expect(steps.filter((step) => step.endsWith("Pod b"))).toEqual([]);
    expect((await stack.held()).get("Pod b")).toBe(b);
    expect(await heldBy(stack)).toEqual(await scene.live());
    expect(await scene.live()).not.toEqual(live);
    await stack.destroy("--target", await stack.urn("Pod a"));
    expect(await scene.live()).toEqual([b]);
  });
});

describe("Adding an input that has its value already, and removing it again", () => {
  test("changes and replaces nothing", async () => {
    const plain = volume("weights") + pod("llm", "volumeInGb: 20");
    const spelledOut =
      volume("weights", `type: "STANDARD"`) +
      pod(
        "llm",
        `volumeInGb: 20, startSsh: false, startJupyter: false, locked: false, globalNetworking: false,
        gpuCount: 1, cloudType: "SECURE", containerDiskInGb: 50, ports: [], env: {}, desiredStatus: "RUNNING"`,
      );
    const stack = await scene.stack(plain);
    await stack.up();
    const live = await scene.live();
    const startedAt = async () => {
      const id = (await stack.held()).get("Pod llm");
      return (await scene.emulator.call("GET", `/v2/pods/${id}`)).body.startedAt;
    };
    const before = await startedAt();
    for (const program of [spelledOut, plain]) {
      stack.write(program);
      expect((await stack.up()).steps.filter((step) => !/^update /.test(step))).toEqual([]);
      expect(await scene.live()).toEqual(live);
    }
    expect(await startedAt()).toBe(before);
  });
});

describe("A setting that moves from a template to its pod", () => {
  test("does not change the pod and its disk", async () => {
    const program = (ofTemplate: string, ofPod: string) => `
      const template = new Template("base", { imageName: "ubuntu:24.04", ${ofTemplate} });
      new Pod("llm", { template, gpuTypeIds: ["NVIDIA L4"], ${ofPod} });`;
    const stack = await scene.stack(program("volumeInGb: 100", ""));
    await stack.up();
    const id = (await stack.held()).get("Pod llm");
    stack.write(program("", "volumeInGb: 100"));
    await stack.up();
    expect((await stack.held()).get("Pod llm")).toBe(id);
    // RunPod keeps a template for as long as a pod that was created from it lives.
    expect(await scene.live()).toEqual(expect.arrayContaining(await heldBy(stack)));
    expect((await stack.up("--refresh")).steps).toEqual([]);
  });
});

describe('A pod that is parked with `desiredStatus: "EXITED"`', () => {
  test("needs no answer at its endpoint when it is new or changed, and is the same pod once started again", async () => {
    const program = (status: string, disk = 40) => `
      const pod = new Pod("llm", { gpuTypeIds: ["NVIDIA L4"], ${SERVING}, volumeInGb: 20, desiredStatus: "${status}", containerDiskInGb: ${disk} });
      new PodEndpoint("llm", { pod, port: 8000, interval: "250ms", timeout: "1m" });`;
    const stack = await scene.stack(program("EXITED"));
    await stack.up();
    const live = await scene.live();
    stack.write(program("EXITED", 50));
    await stack.up();
    stack.write(program("RUNNING", 50));
    await stack.up();
    expect(await scene.live()).toEqual(live);
  });
});

describe("`terminateAfter` on a machine whose clock is two hours slow", () => {
  test("gives the pod its full hour", async () => {
    const slow = `const RealDate = Date; const LAG = 7_200_000;
      globalThis.Date = class extends RealDate {
        constructor(...given) { given.length === 0 ? super(RealDate.now() - LAG) : super(...given); }
        static now() { return RealDate.now() - LAG; }
      };`;
    const preload = `--import=data:text/javascript,${encodeURIComponent(slow)}`;
    const stack = await scene.stack(
      pod("llm", `terminateAfter: "1h", dockerEntrypoint: ["sleep"], dockerStartCmd: ["86400"]`),
      {
        env: { NODE_OPTIONS: preload },
      },
    );
    await stack.up();
    await scene.emulator.advance(3_000);
    expect(await scene.live()).toHaveLength(1);
    await scene.emulator.advance(1_200);
    expect(await scene.live()).toEqual([]);
  });
});
