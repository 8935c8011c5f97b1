import type { Launch } from "./launch";
import { option } from "./options";

/** The value of a server's option, or of the worker's variable in its place; null if neither is set. */
export function optionOrVariable(
  { server, args, variables }: Launch,
  names: readonly string[],
): string | null {
  return option(args, names) ?? (server === "worker-vllm" ? fromVariable(variables, names) : null);
}

/** Each flag of vLLM's is a variable of its worker. */
function fromVariable(variables: Launch["variables"], names: readonly string[]): string | null {
  const [name] = names.filter((option) => option.startsWith("--"));
  return (name && variables[name.slice(2).replaceAll("-", "_").toUpperCase()]) || null;
}
