import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Outcome } from "./cli";
import { pluginsOf, restoreState } from "./faults-kills";
import type { Edit, Kind, Run, Step } from "./operations-steps";
import { type OpenScene, openScene, printed, recoverAsNamed } from "./pulumi-scene";
import { nameOf, type TestStack } from "./stack";

/** A resource in a program. */
interface Wanted {
  readonly kind: Kind;
  name: string;
  /** Its name in the state, until an update has renamed it there. */
  alias?: string;
  retain: boolean;
  readonly inComponent: boolean;
  /** Inputs of an object that was imported. */
  readonly imported?: Readonly<Record<string, unknown>>;
}

/** A resource in a state. */
interface Held {
  readonly name: string;
  readonly id: string;
  readonly isRetained: boolean;
}

const TYPE = "pulumi-nodejs:dynamic/runpod:";
const INPUTS: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  Pod: { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] },
  Volume: { size: 20, dataCenterId: "EU-RO-1" },
  Template: { imageName: "ubuntu:24.04" },
};
const NAMES: Readonly<Record<Kind, readonly string[]>> = {
  Pod: ["a", "b"],
  Volume: ["cache"],
  Template: ["base"],
};

/**
 * Takes two stacks of one project and account through a sequence of Pulumi's operations, then runs
 * `up --refresh` and `destroy` on both, and checks the ledger after each step.
 * @throws an Error that says what does not hold
 */
export async function play(steps: readonly Step[]): Promise<void> {
  const scene = await openScene();
  try {
    const model = await Model.start(scene);
    for (const step of steps) {
      await model.take(step);
    }
    await model.end();
  } finally {
    await scene.close();
  }
}

class Model {
  /** What the user gave up on purpose: nothing may delete or adopt it. */
  readonly #released = new Set<string>();
  /** Objects created by hand that no stack has imported. */
  readonly #made = new Set<string>();
  /** What destroy and recover have printed. */
  readonly #named: string[] = [];
  readonly #sides: readonly [Side, Side];
  #renames = 0;

  private constructor(
    private readonly scene: OpenScene,
    first: TestStack,
    second: TestStack,
  ) {
    this.#sides = [new Side(first), new Side(second)];
  }

  static async start(scene: OpenScene): Promise<Model> {
    const env = { PULUMI_EXPERIMENTAL: "true" };
    const first = await scene.stack("", { env });
    const second = await scene.stack("", { env, beside: first, name: "second" });
    const model = new Model(scene, first, second);
    const add = (kind: Kind, inComponent: boolean) =>
      model.#edit(0, { do: "add", kind, inComponent });
    await add("Pod", false);
    await add("Volume", true);
    await model.#run(0, { do: "up" });
    return model;
  }

  async take({ stack, edit, run }: Step): Promise<void> {
    await this.#edit(stack, edit);
    await this.#run(stack, run);
  }

  /** Brings everything to what the programs describe, and then to nothing. */
  async end(): Promise<void> {
    await this.#run(0, { do: "up --refresh" });
    await this.#run(1, { do: "up --refresh" });
    for (const index of [0, 1] as const) {
      const { stack } = this.#sides[index];
      const refused = await this.#run(index, { do: "destroy" });
      if (refused.code === 0) {
        continue;
      }
      this.#named.push(printed(await recoverAsNamed(stack, refused)));
      const again = await this.#run(index, { do: "destroy" });
      if (again.code !== 0) {
        throw new Error(`destroy fails for ever:\n${printed(again)}`);
      }
    }
    const { pods, networkVolumes } = await this.scene.emulator.ledger();
    const unnamed = [...pods, ...networkVolumes]
      .filter(({ endedAt }) => endedAt === null)
      .map(({ id }) => id)
      .filter((id) => !this.#released.has(id) && !this.#made.has(id))
      .filter((id) => !this.#named.join().includes(id));
    if (unnamed.length > 0) {
      throw new Error(`no output names what still lives: ${unnamed.join()}`);
    }
  }

  async #edit(index: 0 | 1, edit: Edit): Promise<void> {
    const [side, other] = [this.#sides[index], this.#sides[1 - index] as Side];
    const { stack } = side;
    const wanted = "which" in edit ? side.wanted[edit.which % side.wanted.length] : undefined;
    switch (edit.do) {
      case "nothing":
        return;
      case "add": {
        const taken = side.wanted.flatMap(({ kind, name, alias }) => [kind + name, kind + alias]);
        const name = NAMES[edit.kind].find((one) => !taken.includes(edit.kind + one));
        const { kind, inComponent } = edit;
        if (name !== undefined) {
          side.wanted.push({ kind, name, retain: false, inComponent });
        }
        return;
      }
      case "provider":
        side.provider = edit.name;
        return;
      case "import":
        return this.#import(side, edit.kind);
    }
    if (wanted === undefined) {
      return;
    }
    switch (edit.do) {
      case "remove":
        side.wanted.splice(side.wanted.indexOf(wanted), 1);
        return;
      case "retain":
        wanted.retain = !wanted.retain;
        return;
    }
    // Only what a state has can be renamed, moved or given up.
    const held = side.held().find(({ name }) => name === `${wanted.kind} ${wanted.name}`);
    if (held === undefined) {
      return;
    }
    // A name chosen by the program must be unique.
    const isAgain = "again" in edit && edit.again && wanted.imported === undefined;
    const again = isAgain ? [{ ...wanted, retain: false }] : [];
    switch (edit.do) {
      case "alias":
        wanted.alias = wanted.name;
        wanted.name = this.#newName(wanted.name);
        return;
      case "state rename": {
        const to = this.#newName(wanted.name);
        const run = await stack.run("state", "rename", await stack.urn(held.name), to, "--yes");
        if (run.code !== 0) {
          return;
        }
        wanted.name = to;
        side.wanted.push(...again);
        return;
      }
      case "state move": {
        const isTaken = other.held().some(({ name }) => name === held.name);
        if (wanted.inComponent || isTaken || other.wants(wanted.kind, wanted.name)) {
          return;
        }
        if ((await stack.move(other.stack, held.name)).code !== 0) {
          return;
        }
        side.wanted.splice(side.wanted.indexOf(wanted), 1, ...again);
        other.wanted.push(wanted);
        return;
      }
      case "state delete": {
        const run = await stack.run("state", "delete", await stack.urn(held.name), "--yes");
        if (run.code !== 0) {
          return;
        }
        this.#released.add(held.id);
        if (!isAgain) {
          side.wanted.splice(side.wanted.indexOf(wanted), 1);
        }
        return;
      }
    }
  }

  #newName(name: string): string {
    this.#renames += 1;
    return `${name.replace(/-.*/, "")}-${this.#renames}`;
  }

  async #import(side: Side, kind: "Pod" | "Volume"): Promise<void> {
    const name = this.#newName("imported");
    const [path, body] =
      kind === "Pod"
        ? ["/v2/pods", { image: "ubuntu:24.04", gpu: { id: "NVIDIA L4", count: 1 } }]
        : ["/v2/network-volumes", { size: 20, dataCenter: "EU-RO-1" }];
    const id = await this.scene.create(path, { name, ...body });
    this.#made.add(id);
    const inputs = { ...INPUTS[kind], name };
    if ((await side.import(kind, name, id, inputs)).code !== 0) {
      return;
    }
    this.#made.delete(id);
    side.wanted.push({ kind, name, retain: false, inComponent: false, imported: inputs });
  }

  /** Runs an operation, and checks what it did. */
  async #run(index: 0 | 1, run: Run): Promise<Outcome> {
    const side = this.#sides[index];
    if (run.do === "nothing") {
      return { code: 0, stdout: "", stderr: "" };
    }
    const before = side.held();
    const others = this.#sides[1 - index]?.held() ?? [];
    const leaving = before.filter(({ name }) => side.lets(run, name));
    const mayEnd = new Set(leaving.flatMap(({ id, isRetained }) => (isRetained ? [] : [id])));
    if (run.do === "destroy") {
      side.forgetImported();
    }
    side.write();
    const outcome = await this.#operate(side, run);
    if (run.do === "destroy") {
      this.#named.push(printed(outcome));
    }
    const after = side.held();
    for (const { id, isRetained } of leaving) {
      if (isRetained && !after.some((one) => one.id === id)) {
        this.#released.add(id);
      }
    }

    const what = `\`${run.do}\` of stack ${side.stack.name}`;
    const fail = (problem: string) => {
      throw new Error(`${what} ${problem}:\n${printed(outcome)}`);
    };
    const live = new Set(await this.scene.live());
    const precious = [...before, ...others]
      .map(({ id }) => id)
      .concat(...this.#released, ...this.#made);
    const ended = precious.filter((id) => !live.has(id) && !mayEnd.has(id));
    if (ended.length > 0) {
      fail(`ended ${ended.join()}`);
    }
    const held = [...after, ...others].map(({ id }) => id);
    const shared = held.filter((id, at) => held.indexOf(id) !== at);
    if (shared.length > 0) {
      fail(`made two resources hold ${shared.join()}`);
    }
    const taken = held.filter((id) => this.#released.has(id));
    if (taken.length > 0) {
      fail(`took what the user had let go: ${taken.join()}`);
    }

    const mayFail = run.do === "kill" || run.do === "up --target";
    if (outcome.code === 0) {
      side.settle(run);
    } else if (run.do === "destroy") {
      const lost = [...live].filter((id) => !held.includes(id) && printed(outcome).includes(id));
      if (lost.length === 0) {
        fail("failed and names nothing");
      }
    } else if (!mayFail) {
      fail("failed");
    }
    return outcome;
  }

  async #operate(side: Side, run: Run): Promise<Outcome> {
    const { stack } = side;
    const settled = (operation: Promise<Outcome>) => operation.catch((error) => error.run);
    switch (run.do) {
      case "up --target": {
        const known = side.held().filter(({ name }) => side.has(name));
        const name = known[run.which % known.length]?.name;
        if (name === undefined) {
          return settled(stack.up());
        }
        return settled(stack.up("--target", await stack.urn(name)));
      }
      case "up --plan": {
        const plan = path.join(stack.scratch, `plan-${stack.name}.json`);
        const preview = await settled(stack.preview("--save-plan", plan));
        return preview.code === 0 ? settled(stack.up("--plan", plan)) : preview;
      }
      case "up --refresh":
        return settled(stack.up("--refresh"));
      case "refresh":
        return settled(stack.refresh());
      case "destroy":
        return settled(stack.destroy());
      case "kill":
        return this.#kill(stack, run.posts);
      default:
        return settled(stack.up());
    }
  }

  async #kill(stack: TestStack, posts: number): Promise<Outcome> {
    const { emulator } = this.scene;
    await emulator.clearRequests();
    await emulator.fault("slow:400", { method: "POST", path: "^/v2/[a-z-]+$" });
    const up = stack.startUp();
    let hasEnded = false;
    const ended = up.ended.finally(() => {
      hasEnded = true;
    });
    const asked = async () =>
      (await emulator.requests()).filter(({ method }) => method === "POST").length;
    while (!hasEnded && (await asked()) < posts) {
      await delay(20);
    }
    up.kill("SIGKILL");
    const outcome = await ended;
    while (pluginsOf(stack).length > 0) {
      await delay(50);
    }
    await emulator.clearFaults();
    restoreState(stack);
    // There is no lock if it has ended by itself.
    await stack.cancel().catch(() => {});
    return outcome;
  }
}

/** One of the two stacks. */
class Side {
  readonly wanted: Wanted[] = [];
  provider: string | null = null;

  constructor(readonly stack: TestStack) {}

  wants(kind: Kind, name: string): boolean {
    return this.wanted.some((one) => one.kind === kind && [one.name, one.alias].includes(name));
  }

  /** Whether the program has it under its name in the state. */
  has(name: string): boolean {
    return this.wanted.some((wanted) => `${wanted.kind} ${wanted.name}` === name);
  }

  /** Whether an operation removes a resource from the state. */
  lets(run: Run, name: string): boolean {
    if (run.do === "destroy") {
      return true;
    }
    if (run.do === "refresh") {
      return false;
    }
    const [kind, own = ""] = name.split(" ");
    return !this.wants(kind as Kind, own);
  }

  /** An object that is kept when it is destroyed still has its name. */
  forgetImported(): void {
    this.wanted.splice(
      0,
      Infinity,
      ...this.wanted.filter(({ imported }) => imported === undefined),
    );
  }

  /** What is true of the program once an operation has succeeded. */
  settle(run: Run): void {
    if (!/^up( --refresh| --plan)?$/.test(run.do)) {
      return;
    }
    for (const wanted of this.wanted) {
      delete wanted.alias;
    }
  }

  held(): Held[] {
    return this.stack
      .resources()
      .map((stored) => ({
        name: nameOf(stored),
        id: stored.id ?? "",
        isRetained: stored.retainOnDelete === true,
      }))
      .filter(({ name }) => /^(Pod|Volume|Template) /.test(name));
  }

  write(): void {
    const lines = (inComponent: boolean) =>
      this.wanted
        .filter((wanted) => wanted.inComponent === inComponent)
        .map(({ kind, name, alias, retain, imported }) => {
          const options = {
            ...(alias !== undefined && { aliases: [{ name: alias }] }),
            ...(retain && { retainOnDelete: true }),
          };
          const inputs = JSON.stringify(imported ?? INPUTS[kind]);
          return `new ${kind}("${name}", ${inputs}, { ...shared, ...${JSON.stringify(options)} });`;
        });
    const account =
      this.provider === null
        ? "{}"
        : `{ provider: new Provider("${this.provider}", { apiKey: process.env.RUNPOD_API_KEY }) }`;
    this.stack.write(
      [
        `const shared = ${account};`,
        ...lines(false),
        "class Box extends pulumi.ComponentResource {",
        '  constructor(options) { super("my:Box", "box", {}, options); const shared = { parent: this };',
        ...lines(true),
        "} }",
        "new Box(shared.provider ? { providers: [shared.provider] } : {});",
      ].join("\n"),
    );
  }

  /** `pulumi import` by a file, as the documentation has it. */
  import(kind: Kind, name: string, id: string, inputs: object): Promise<Outcome> {
    const __provider = `exports.handler=()=>require("@runpod-stack/provider/handlers").get("${kind}")`;
    const all = { ...inputs, __provider };
    const file = path.join(this.stack.scratch, "import.json");
    const resource = { type: TYPE + kind, name, id, inputs: all, outputs: all };
    writeFileSync(file, JSON.stringify({ resources: [resource] }));
    this.write();
    return this.stack.run(
      ...["import", "--file", file, "--generate-code=false", "--protect=false", "--yes"],
    );
  }
}
