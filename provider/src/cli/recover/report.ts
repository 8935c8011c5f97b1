import { type Colors, join, multiline, type Safe, safe } from "@runpod-stack/kit";
import { NOUNS } from "../../handlers/lifecycle/objects";
import { dollarsPerHour, tableLines } from "../table";
import type { Recovery } from "./recovery";

/** Shows what was found and what to do about it. */
export function reportText(recovery: Recovery, colors: Colors): Safe {
  const { stack, accounts, lock, objects, pendingCreates } = recovery;
  const heading = accounts.map(({ provider, origin, fingerprint, marks }) => {
    const of = provider === null ? "" : ` for provider '${provider}'`;
    const mark = marks.length === 0 ? "" : `; the stack mark there is ${marks.join(", ")}`;
    return colors.dim(safe`checked ${origin}${of} with the key ${fingerprint}${mark}`);
  });
  const rows = [
    ...(lock === null
      ? []
      : [[`lock${heldBy(lock)}`, "-", "cancel: make sure that no run is under way"]]),
    ...objects.map(({ kind, id, name, costPerHr, action, reason }) => [
      `${NOUNS[kind]} ${id} '${name}'`,
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
    return multiline(heading, safe`Stack ${stack}: no interrupted run left anything behind.`);
  }
  const [header = safe``, ...body] = tableLines([`STACK ${stack}`, "$/H", "WHAT TO DO"], rows);
  const total = objects.reduce((sum, { costPerHr }) => sum + costPerHr, 0);
  const bill = total === 0 ? [] : [safe`Billed until then: ${dollarsPerHour(total)} $/h.`];
  return multiline(heading, safe``, colors.bold(header), body, safe``, bill);
}

/** Shows how to apply the plan. */
export function invitation({ objects, lock, pendingCreates }: Recovery): Safe {
  const isKept = objects.some(({ action }) => action === "keep");
  const acts =
    lock !== null ||
    objects.some(({ action }) => action === "delete") ||
    pendingCreates?.action === "clear";
  return multiline(
    safe`Nothing was changed.`,
    acts ? [safe`  --yes     apply what is shown`] : [],
    isKept
      ? [
          safe`  --delete  also delete what \`pulumi up\` would adopt: use it before a \`pulumi destroy\``,
        ]
      : [],
  );
}

/** Shows what was done, what failed, and what comes next. */
export function outcomeText({ lock, objects, pendingCreates }: Recovery, colors: Colors): Safe {
  const done = (text: string) => join([colors.green(safe`done`), safe`    ${text}`]);
  const failed = (text: string, problem: string) =>
    join([colors.red(safe`FAILED`), safe`  ${text}: ${problem}`]);
  const steps = [
    ...(lock === null ? [] : [{ ...lock, text: "cancel the lock" }]),
    ...objects
      .filter(({ action }) => action === "delete")
      .map((object) => ({
        ...object,
        text: `delete ${NOUNS[object.kind]} ${object.id}, ${object.costPerHr} $/h`,
      })),
    ...(pendingCreates?.action === "clear"
      ? [{ ...pendingCreates, text: "clear the pending creates" }]
      : []),
  ];
  const isKept = objects.some(({ action }) => action === "keep");
  return multiline(
    steps.map(({ text, done: isDone, problem }) =>
      isDone ? done(text) : failed(text, problem ?? "not tried, because an earlier step failed"),
    ),
    isKept
      ? safe`Next: \`pulumi up\` adopts what was kept. To delete it instead, run this again with --delete.`
      : safe`Next: \`pulumi up\` or \`pulumi destroy\`.`,
  );
}

function heldBy({ holder, pid, since }: NonNullable<Recovery["lock"]>): string {
  return holder === undefined ? "" : ` of ${holder}, pid ${pid}, since ${since}`;
}
