import {
  type ContainerInputs,
  type Inputs,
  type Previewed,
  type Stored,
  TOKEN_ENV,
} from "../../schema";

/** The inputs that decide which environment variables are whose. */
interface WithEnv extends Pick<ContainerInputs, "env"> {
  readonly templateId?: string;
}

/** Environment variables, as RunPod reports them. */
type Env = Readonly<Record<string, string>>;

/** Whether a template that only RunPod knows may have set what the program does not. */
export function templateMaySet(inputs: Previewed<WithEnv>): boolean {
  return inputs["templateId"] !== undefined && inputs["__resolved"] !== true;
}

/** The entry with the creation token, if the object has one. */
export function tokenEntry(inputs: Inputs<object>): Record<string, string> | undefined {
  const token = inputs["__token"];
  return typeof token === "string" ? { [TOKEN_ENV]: token } : undefined;
}

/** The environment variables that an update of env does not change. */
export function keptEnv(
  found: Env | null | undefined,
  inputs: Stored<WithEnv>,
  old: Stored<WithEnv>,
): Record<string, string> {
  // This provider's own entries are made again, so that none stays that is no longer wanted.
  const isKept = (name: string) =>
    isAddedEnv(name, inputs, old) && !name.startsWith("RUNPOD_STACK_");
  return Object.fromEntries(Object.entries(found ?? {}).filter(([name]) => isKept(name)));
}

/** The program's environment variables, as RunPod reports them. */
export function observedEnv(
  found: Env,
  inputs: Stored<WithEnv>,
  old: Stored<WithEnv>,
): Record<string, string> {
  const given = inputs["env"] ?? {};
  return Object.fromEntries(
    Object.entries(found)
      .filter(([name]) => !isAddedEnv(name, inputs, old))
      // RunPod may show a secret reference as written or as resolved. Neither is drift.
      .map(([name, value]) => [name, isReference(given[name]) ? given[name] : value]),
  );
}

/** Whether an entry is RunPod's, this provider's or a template's, and never came from the program. */
function isAddedEnv(name: string, inputs: Stored<WithEnv>, old: Stored<WithEnv>): boolean {
  const isGiven = [inputs, old].some(({ env }) => Object.hasOwn(Object(env), name));
  return !isGiven && (isInjectedEnv(name) || templateMaySet(inputs as Previewed<WithEnv>));
}

/** Whether RunPod or this provider put an environment variable into a container. */
function isInjectedEnv(name: string): boolean {
  return name.startsWith("RUNPOD_") || name === "PUBLIC_KEY" || name === "JUPYTER_PASSWORD";
}

/** Whether a value refers to a secret of the account. */
export function isReference(value: string | undefined): value is string {
  return value?.includes("{{ RUNPOD_SECRET_") === true;
}
