import { posix } from "node:path";
import { hubRefusal } from "../hub-refusal";
import type { Environment, Machine } from "../machine";
import { findModel } from "../models";
import { parsedConfig } from "./vllm-configs";
import type { VllmOptions } from "./vllm-options";

/** An adapter that the server offers as a separate model. */
export interface Adapter {
  name: string;
  path: string;
}

/** The end of the traceback if the hub does not have the tokenizer or the draft model; null if it has. */
export function referenceProblem(
  machine: Machine,
  env: Environment,
  { model, downloadDir, flags }: VllmOptions,
): string[] | null {
  const draft = parsedConfig(flags.get("speculative-config")?.[0] ?? "")["model"];
  const asked = [flags.get("tokenizer")?.[0], flags.get("spec-model")?.[0], draft];
  const others = asked.filter((id) => typeof id === "string" && isRepository(id) && id !== model);
  for (const id of others as string[]) {
    const query = { id, model: findModel(id), cache: downloadDir ?? undefined };
    const refusal = hubRefusal(machine, env, query);
    if (refusal !== null) {
      return refusal;
    }
  }
  return null;
}

/** The adapters of `--lora-modules`, each as `name=path` or JSON. */
export function adaptersOf({ flags }: VllmOptions): Adapter[] {
  return (flags.get("lora-modules") ?? []).filter(Boolean).map((text) => {
    const { name, path } = parsedConfig(text);
    const at = text.indexOf("=");
    return typeof name === "string" && typeof path === "string"
      ? { name, path }
      : { name: text.slice(0, at), path: text.slice(at + 1) };
  });
}

/** The end of the traceback if an adapter cannot be loaded, which is tried last; null if all can. */
export function adapterFilesProblem(
  { disk, image }: Machine,
  options: VllmOptions,
): string[] | null {
  const adapters = adaptersOf(options);
  if (adapters.length > 0 && !options.flags.has("enable-lora")) {
    return [
      "ValueError: Call to add_lora method failed: LoRA is not enabled. Use --enable-lora to enable LoRA.",
    ];
  }
  const missing = adapters.find(({ path }) =>
    isRepository(path) ? findModel(path) === null : image.known && disk.list(path).length === 0,
  );
  return missing === undefined
    ? null
    : [`ValueError: Loading lora ${missing.name} failed: No adapter found for ${missing.path}`];
}

function isRepository(id: string): boolean {
  return !posix.isAbsolute(id) && /^[^/.][^/]*\/[^/]+$/.test(id);
}
