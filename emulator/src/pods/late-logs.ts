import type { LogLine } from "../containers/runtime";
import type { Account } from "../state/store";
import type { World } from "../state/world";

const KEPT_LATE_LOGS = 100;

/** Keeps the log of a pod or worker that is gone, and forgets the oldest one. */
export function keepLateLogs(world: World, account: Account, id: string, lines: LogLine[]): void {
  const { lateLogs } = world.store;
  lateLogs.set(id, { account: account.number, lines });
  if (lateLogs.size > KEPT_LATE_LOGS) {
    const [oldest = ""] = lateLogs.keys();
    lateLogs.delete(oldest);
  }
}
