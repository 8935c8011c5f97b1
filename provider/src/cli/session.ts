import { multiline, type Safe, safe } from "@runpod-stack/kit";
import { type Clock, later } from "../core/clock";
import type { Terminal } from "./terminal";

/** How a command ended. */
export const STATUS = {
  done: 0,
  /** Something is left that the command was not told to do, or could not. */
  left: 1,
  /** It could not look: the input, Pulumi or RunPod cannot be used. */
  unusable: 2,
} as const;

export type Status = (typeof STATUS)[keyof typeof STATUS];

/** One run of a command. */
export interface Session {
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Sets the exit status; without it the command ends with 0. */
  end(status: Status): void;
}

/** What takes longer is announced. */
const PATIENCE_MS = 2_000;

/** Tells the user something beside the command's result. */
export function say({ terminal }: Session, text: Safe): void {
  terminal.stderr.write(multiline(text, safe``));
}

/** Does some work, and says what is being done if it takes a while. */
export async function announced<T>(
  session: Session,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const callOff = later(session.clock, PATIENCE_MS, () => say(session, safe`${what} …`));
  try {
    return await work();
  } finally {
    callOff();
  }
}
