import type { Context } from "./context";

interface Identified {
  readonly id: string;
}

/**
 * How long the engine is given to come to a resource that has what was found. It compares
 * resources one by one, and creates the first of them meanwhile.
 */
const SETTLE_MS = 3_000;

/** Whether an operation of this process has named an object: then it is some resource's already. */
export function isNamed(context: Context, { id }: Identified): boolean {
  return context.named.has(id);
}

/**
 * Those of the objects found that are nobody's, after a pause: a resource that was renamed by an
 * alias keeps what it has, mark and name, and a new one of its old name would take that for its own.
 */
export async function stillUnnamed<T extends Identified>(
  context: Context,
  found: readonly T[],
): Promise<T[]> {
  if (found.length > 0) await context.clock.sleep(SETTLE_MS);
  return found.filter((object) => !isNamed(context, object));
}
