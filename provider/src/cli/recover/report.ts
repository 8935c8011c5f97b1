import { dollarsPerHour, tableLines } from "../table";
import type { Colors } from "../terminal";
import type { Recovery } from "./recovery";

/** Says what was found and what is to be done about it. */
export function reportText(recovery: Recovery, colors: Colors): string {
  const { stack, accounts, lock, objects, pendingCreates } = recovery;
  const heading = accounts.map(({ provider, origin, fingerprint, marks }) => {
    const of = provider === null ? "" : ` for provider '${provider}'`;
    const mark = marks.length === 0 ? "" : `; the stack's mark there is ${marks.join(", ")}`;
    return colors.dim(`looked at ${origin}${of} with the key ${fingerprint}${mark}`);
  });
  const rows = [
    ...(lock === null ? [] : [[`lock${heldBy(lock)}`, "-", "cancel: no run may be under way"]]),
    ...objects.map(({ kind, id, name, costPerHr, action, reason }) => [
      `${kind.toLowerCase()} ${id} '${name}'`,
      dollarsPerHour(costPerHr),
      `${action}: ${reason}`,
    ]),
    ...(pendingCreates === null
      ? []
      : [
          [
            `${pendingCreates.urns.length} pending ${pendingCreates.urns.length === 1 ? "create" : "creates"}`,
            "-",
            `${pendingCreates.action}: ${pendingCreates.reason}`,
          ],
        ]),
  ];
  if (rows.length === 0) {
    return lines(...heading, `Stack ${stack}: nothing is left of a run that was cut off.`);
  }
  const [header = "", ...body] = tableLines([`STACK ${stack}`, "$/H", "WHAT TO DO"], rows);
  const total = objects.reduce((sum, { costPerHr }) => sum + costPerHr, 0);
  const bill = total === 0 ? [] : [`Billed until then: ${dollarsPerHour(total)} $/h.`];
  return lines(...heading, "", colors.bold(header), ...body, "", ...bill);
}

/** Says how to have done what is shown. */
export function invitation({ objects, lock, pendingCreates }: Recovery): string {
  const isKept = objects.some(({ action }) => action === "keep");
  const acts =
    lock !== null ||
    objects.some(({ action }) => action === "delete") ||
    pendingCreates?.action === "clear";
  return lines(
    "Nothing was changed.",
    ...(acts ? ["  --yes     does what is shown"] : []),
    ...(isKept
      ? ["  --delete  deletes also what `pulumi up` would adopt: before a `pulumi destroy`"]
      : []),
  );
}

/** Says what was done, what could not be, and what comes next. */
export function outcomeText({ lock, objects, pendingCreates }: Recovery, colors: Colors): string {
  const done = (text: string) => `${colors.green("done")}    ${text}`;
  const failed = (text: string, problem: string) => `${colors.red("FAILED")}  ${text}: ${problem}`;
  const steps = [
    ...(lock === null ? [] : [{ ...lock, text: "cancel the lock" }]),
    ...objects
      .filter(({ action }) => action === "delete")
      .map((object) => ({
        ...object,
        text: `delete ${object.kind.toLowerCase()} ${object.id}, ${object.costPerHr} $/h`,
      })),
    ...(pendingCreates?.action === "clear"
      ? [{ ...pendingCreates, text: "clear the pending creates" }]
      : []),
  ];
  const isKept = objects.some(({ action }) => action === "keep");
  return lines(
    ...steps.map(({ text, done: isDone, problem }) =>
      isDone ? done(text) : failed(text, problem ?? "not tried, because of what failed before"),
    ),
    isKept
      ? "Next: `pulumi up` adopts what was kept. To delete it instead, run this again with --delete."
      : "Next: `pulumi up` or `pulumi destroy`.",
  );
}

function heldBy({ holder, pid, since }: NonNullable<Recovery["lock"]>): string {
  return holder === undefined ? "" : ` of ${holder}, pid ${pid}, since ${since}`;
}

function lines(...all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
