import { type Safe, safe } from "@runpod-stack/kit";
import { type Run, report } from "@runpod-stack/kit/command";
import { type Clock, later } from "../core/clock";

/** One run of a command. */
export interface Session extends Run {
  readonly clock: Clock;
}

/** What takes longer is announced. */
const PATIENCE_MS = 2_000;

/** Shows the user something in addition to the command's result. */
export function say({ terminal }: Session, text: Safe): void {
  report(terminal, text);
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
