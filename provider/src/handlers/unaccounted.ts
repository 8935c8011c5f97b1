import { UserError } from "../core/errors";
import { isMarkedName, markOf } from "../core/mark";
import { TOKEN_ENV } from "../schema";
import type { Context } from "./context";

/**
 * Without the journal, whatever carries the stack mark may be what an interrupted create made.
 * @throws UserError if there is any such pod or volume
 */
export async function assertNoneUnaccounted(
  context: Context,
  what: string,
  token: string,
): Promise<void> {
  const mark = markOf(token) ?? "none";
  const { pods, volumes } = await context.accountAtStart();
  const marked = [
    ...pods
      .filter(({ status, env }) => status !== "TERMINATED" && markOf(env?.[TOKEN_ENV]) === mark)
      .map(({ id, name, cost }) => `  pod ${id} '${name}', ${cost} $/h`),
    ...volumes
      .filter(({ name }) => isMarkedName(name, mark))
      .map(({ id, name, size }) => `  volume ${id} '${name}', ${size} GB`),
  ];
  if (marked.length === 0) return;
  throw new UserError(
    [
      `Creating ${what}: the stack's state could not be read, so an interrupted run may have created it already. Nothing was created. These objects carry the stack mark:`,
      ...marked,
      "Set RUNPOD_STACK_PULUMI to the Pulumi CLI that runs this stack, and select the stack with `pulumi stack select`. Then run `pulumi up` again.",
    ].join("\n"),
  );
}
