import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Values } from "@runpod-stack/provider/schema";
import { COLLECTIONS, type FaultScene, type StoredKind } from "./faults";
import { LONGEST_LAG_S, type Operation, type Step } from "./model-steps";
import type { TestResource } from "./resource";

const PLACES = ["NVIDIA L4", "NVIDIA RTX A4500"];

const LONGEST_OPERATION_MS = 5_000;

/** The resources of the program, which is all that the model knows. */
interface Wanted {
  suffix: string | undefined;
  edition: number;
  place: number;
}

interface Part {
  readonly kind: StoredKind;
  readonly name: string;
  readonly resource: TestResource;
}

/**
 * Takes a stack of two pods, a volume and a template through a life, then runs `up --refresh` and
 * `destroy`, and checks the ledger each time.
 * @throws an Error that says what does not hold
 */
export async function live(scene: FaultScene, steps: readonly Step[]): Promise<void> {
  const stack = new ModelStack(scene);
  for (const step of steps) {
    await stack.take(step);
  }
  await scene.emulator.clearFaults();
  await scene.pass(LONGEST_LAG_S);
  // Every run of Pulumi has its own plugin process.
  await scene.kill();
  await stack.refreshAndUp();
  await stack.destroyAll();
}

class ModelStack {
  readonly #owner = randomBytes(8).toString("hex");
  readonly #wanted: Wanted = { suffix: undefined, edition: 1, place: 0 };
  readonly #parts: readonly Part[];

  constructor(private readonly scene: FaultScene) {
    const part = (kind: StoredKind, name: string) => ({
      kind,
      name,
      resource: scene.resource(kind, name, this.#owner),
    });
    this.#parts = [
      part("Pod", "a"),
      part("Pod", "b"),
      part("Volume", "cache"),
      part("Template", "base"),
    ];
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case "edit":
        return this.#edit(step.what);
      case "fault": {
        const { method, effect, times } = step;
        const path = `^${COLLECTIONS[step.kind]}`;
        return this.scene.emulator.fault(effect, { method, path, times });
      }
      case "outside":
        return this.#meddle(step.what, step.target);
      case "kill": {
        await this.scene.emulator.clearRequests();
        const operation = this.#operate(step.during);
        await Promise.race([this.#calls(step.after), operation]);
        await this.scene.kill();
        await operation;
        return;
      }
      default:
        await this.#operate(step.do);
    }
  }

  /** @throws unless the ledger then holds what the program asks for, and nothing else */
  async refreshAndUp(): Promise<void> {
    assertAllHeld(await this.#operate("refresh"), "the last refresh");
    assertAllHeld(await this.#operate("up"), "the last up");
    for (const { kind, name, resource } of this.#parts) {
      const { body } = await this.scene.emulator.call("GET", `${COLLECTIONS[kind]}/${resource.id}`);
      const { env, status, size, gpu } = Object(body);
      const edition = String(this.#wanted.edition);
      const rightness: { readonly [K in StoredKind]?: boolean } = {
        Pod: env?.EDITION === edition && status === "RUNNING" && gpu?.id === this.#place,
        ServerlessEndpoint: env?.EDITION === edition,
        Volume: size === this.#inputs("Volume", name)["size"],
        Template: env?.EDITION === edition,
      };
      const isRight = rightness[kind];
      const wantedName = this.#inputs(kind, name)["name"] ?? resource.outputs["name"];
      if (!isRight || body.name !== wantedName) {
        throw new Error(`${kind} ${name} is not as asked for: ${JSON.stringify(body)}`);
      }
    }
    const known = new Set(this.#parts.map(({ resource }) => resource.id));
    const lost = (await this.scene.live("Pod")).filter(({ id }) => !known.has(id));
    if (lost.length > 0) {
      throw new Error(`pods beside the state's: ${JSON.stringify(lost)}`);
    }
  }

  /** @throws unless nothing is left, or what is left is named */
  async destroyAll(): Promise<void> {
    assertAllHeld(await this.#operate("destroy"), "the last destroy");
    const left = [...(await this.scene.live("Pod")), ...(await this.scene.live("Volume"))];
    const told = await this.scene.disown(this.#owner);
    const unnamed = left.filter(({ id }) => told === undefined || !told.includes(id));
    if (unnamed.length > 0) {
      throw new Error(`left and not named: ${JSON.stringify(unnamed)}`);
    }
    if (left.length === 0 && told !== undefined) {
      throw new Error(told);
    }
    for (const kind of ["Pod", "Volume", "Template"] as const) {
      for (const { id } of await this.scene.live(kind)) {
        await this.scene.emulator.call("DELETE", `${COLLECTIONS[kind]}/${id}`);
      }
    }
  }

  /** As the engine does: all in parallel, whether or not others fail. */
  #operate(operation: Operation): Promise<PromiseSettledResult<unknown>[]> {
    this.scene.beginRun();
    return Promise.allSettled(
      this.#parts.map(({ kind, name, resource }) => {
        if (operation === "up") {
          return resource.up(this.#inputs(kind, name));
        }
        return operation === "refresh" ? resource.refresh() : resource.destroy();
      }),
    );
  }

  /** Resolves after a number of requests to RunPod. */
  async #calls(count: number): Promise<void> {
    const deadline = performance.now() + LONGEST_OPERATION_MS;
    while ((await this.scene.emulator.requests()).length < count) {
      if (performance.now() > deadline) {
        return;
      }
      await delay(5);
    }
  }

  get #place(): string {
    return PLACES[this.#wanted.place % PLACES.length] as string;
  }

  #inputs(kind: StoredKind, name: string): Values {
    const { suffix, edition } = this.#wanted;
    const env = { EDITION: String(edition) };
    const image = { imageName: "ubuntu:24.04", env };
    if (kind === "Volume") {
      return { size: 9 + edition, dataCenterId: "EU-RO-1" };
    }
    if (kind === "Template") {
      return image;
    }
    return {
      ...image,
      gpuTypeIds: [this.#place],
      ...(suffix !== undefined && { name: `${name}-${suffix}` }),
    };
  }

  #edit(what: "name" | "edition" | "place"): void {
    if (what === "edition") {
      this.#wanted.edition += 1;
    }
    if (what === "place") {
      this.#wanted.place += 1;
    }
    if (what === "name") {
      this.#wanted.suffix = `${this.#wanted.suffix ?? ""}x`;
    }
  }

  async #meddle(what: "delete" | "stop" | "rename", target: number): Promise<void> {
    const known = this.#parts.filter(({ resource }) => resource.state !== undefined);
    const part = known[target % known.length];
    if (part === undefined) {
      return;
    }
    const path = `${COLLECTIONS[part.kind]}/${part.resource.id}`;
    const { emulator } = this.scene;
    // A fault may hit this call as well: then nothing was changed, or the change was.
    const call = (method: string, at: string, body?: unknown) =>
      emulator.call(method, at, body).catch(() => undefined);
    if (what === "delete") {
      await call("DELETE", path);
    }
    if (what === "rename") {
      await call("PATCH", path, { name: "renamed" });
    }
    if (what === "stop" && part.kind === "Pod") {
      await call("POST", `${path}/action`, { action: "stop" });
    }
  }
}

function assertAllHeld(results: readonly PromiseSettledResult<unknown>[], what: string): void {
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    throw new Error(`${what} failed: ${failed.reason.message}`);
  }
  if (results.some((result) => result.status === "fulfilled" && result.value === "refused")) {
    throw new Error(`${what} was refused`);
  }
}
