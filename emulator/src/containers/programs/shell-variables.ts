import type { Steps } from "../limits";
import type { Environment } from "../machine";

/** The variables of a shell, exported or not. */
export class ShellVariables {
  /** Whether something did not fit any more. */
  isExhausted = false;
  readonly exported: Record<string, string>;
  private readonly own: Record<string, string> = {};
  /** Never less than the actual number. */
  private exportedCount: number;

  constructor(
    environment: Environment,
    private readonly steps: Steps,
  ) {
    this.exported = { ...environment };
    this.exportedCount = Object.keys(environment).length;
  }

  read(name: string): string {
    const value = valueIn(this.exported, name) ?? valueIn(this.own, name) ?? "";
    if (this.steps.take(value.length)) {
      return value;
    }
    this.isExhausted = true;
    return "";
  }

  isSet(name: string): boolean {
    return Object.hasOwn(this.exported, name) || Object.hasOwn(this.own, name);
  }

  /** The same variables for a subshell, whose changes stay its own. */
  copy(): ShellVariables {
    const copy = new ShellVariables(this.exported, this.steps);
    Object.assign(copy.own, this.own);
    return copy;
  }

  /** Whether the budget suffices to pass the exported ones to one more command. */
  canStart(): boolean {
    return this.steps.take(this.exportedCount) && !this.isExhausted;
  }

  /** A variable that is already exported stays so. */
  assign(assigned: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(assigned)) {
      (Object.hasOwn(this.exported, name) ? this.exported : this.own)[name] = value;
    }
  }

  /** `NAME=value`, or the name of a variable that is already set. */
  export(text: string): void {
    const [name, value] = splitAssignment(text);
    this.exported[name] = text.includes("=") ? value : (valueIn(this.own, name) ?? "");
    this.exportedCount += 1;
  }

  unset(name: string): void {
    delete this.exported[name];
    delete this.own[name];
  }
}

export function splitAssignment(text: string): [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function valueIn(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
