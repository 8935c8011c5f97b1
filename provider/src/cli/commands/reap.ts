import { type Colors, join, json, multiline, type Safe, safe } from "@runpod-stack/kit";
import { Command } from "commander";
import type { RunpodApi } from "../../api";
import { parseDuration } from "../../core/duration";
import { isRunpodError } from "../../core/errors";
import { readSettings } from "../../core/settings";
import { connect } from "../account";
import { type DuePod, duePods, type Limits } from "../reap/due";
import { removeForSure } from "../removal";
import { announced, type Session, STATUS } from "../session";
import { attempt, type Step } from "../step";
import { dollarsPerHour, tableLines } from "../table";
import { colorsFor, print, UnusableInput } from "../terminal";

interface Options {
  readonly olderThan?: string;
  readonly stackMark?: string;
  readonly allStacks?: true;
  readonly json?: true;
  readonly yes?: true;
}

const DETAILS = `
Looks at the account from outside, for a pipeline that runs every hour or so: the time limit inside
a pod does not help where the image lacks what it needs. By RunPod's clock, a pod's time is up

  when the limits in its environment have passed:
    RUNPOD_STACK_TERMINATE_AFTER    seconds since 1970: it is terminated, and every disk of its own
                                    is lost
    RUNPOD_STACK_STOP_AFTER         seconds after its last start, which RunPod reports as startedAt:
                                    it is stopped, and keeps its persistent disk
  or when it is older than --older-than, which terminates it.

A pod of which RunPod reports no start is shown and left alone once it is older than its stop limit:
read its logs, or end it with --older-than. RunPod does not document whether startedAt moves when a
command crashes; the timer in the pod does not depend on it.

Only pods that carry a stack's mark are looked at, the first part of RUNPOD_STACK_TOKEN in their
environment. A locked pod is shown and left alone. Nothing is changed without --yes.

Examples:
  $ runpod-stack reap --all-stacks                            show pods whose own limit has passed
  $ runpod-stack reap --all-stacks --older-than 24h --yes     and end all that are older than a day
  $ runpod-stack reap --stack-mark 14c1b7e1 --yes             look at one stack only; its mark is
                                                              shown by \`runpod-stack recover\`

The key and the API come from RUNPOD_API_KEY and RUNPOD_REST_V2_URL. The state of a stack is not
touched: its next \`pulumi up --refresh\` creates terminated pods anew, and starts stopped ones.

Exit status:
  0  no pod's time is up, or --yes ended all of them
  1  a pod's time is up: --yes was not given, or it could not be ended
  2  it could not look: the input or RunPod cannot be used`;

/** `runpod-stack reap [--older-than D] [--stack-mark M | --all-stacks] [--json] [--yes]` */
export function reapCommand(session: Session): Command {
  return new Command("reap")
    .summary("end pods whose time is up")
    .description("Ends pods of Pulumi stacks whose time is up.")
    .option("--older-than <duration>", 'end every pod that is older, such as "24h"')
    .option("--stack-mark <mark>", "look at the pods of one stack")
    .option("--all-stacks", "look at the pods of all stacks of the account")
    .option("--json", "print {pods}")
    .option("--yes", "do what is shown")
    .addHelpText("after", DETAILS)
    .action((options: Options) => reap(session, options));
}

type Reaped = DuePod & Step;

async function reap(session: Session, options: Options): Promise<void> {
  const { terminal, clock } = session;
  const limits = readLimits(options);
  const api = connect(
    session,
    readSettings(() => undefined, terminal.env),
    "",
  );
  const pods = await announced(session, "listing pods", () => api.pods.list());
  const now = api.serverNow() ?? clock.now();
  const due: Reaped[] = duePods(pods, now, limits).map((pod) => ({ ...pod, done: false }));
  const colors = colorsFor(terminal);
  if (!options.json) print(terminal, dueText(api, due, colors));
  const result = options.yes ? await Promise.all(due.map((pod) => endPod(session, api, pod))) : due;
  if (options.json) print(terminal, json({ pods: result }));
  else if (due.some(isToEnd)) print(terminal, outcomeText(result, options, colors));
  if (result.some((pod) => isToEnd(pod) && !pod.done)) session.end(STATUS.left);
}

/** @throws UnusableInput */
function readLimits({ olderThan, stackMark, allStacks }: Options): Limits {
  if ((stackMark === undefined) === (allStacks === undefined)) {
    throw new UnusableInput(
      safe`Say whose pods to look at: --stack-mark <mark> for one stack (\`runpod-stack recover\` shows its mark), or --all-stacks for every stack of the account.`,
    );
  }
  if (stackMark !== undefined && !/^[0-9a-f]{8}$/.test(stackMark)) {
    throw new UnusableInput(
      safe`--stack-mark must be eight hexadecimal digits, and "${stackMark}" is not. It is the first part of RUNPOD_STACK_TOKEN in a pod's environment.`,
    );
  }
  const age = olderThan === undefined ? undefined : parseDuration(olderThan);
  if (olderThan !== undefined && !age) {
    throw new UnusableInput(
      safe`--older-than must be a duration such as "24h" or "90m", and "${olderThan}" is not.`,
    );
  }
  return {
    ...(stackMark !== undefined && { mark: stackMark }),
    ...(age !== undefined && { olderThan: age }),
  };
}

function endPod(session: Session, api: RunpodApi, pod: Reaped): Promise<Reaped> | Reaped {
  if (!isToEnd(pod)) return pod;
  const end = () =>
    pod.action === "stop"
      ? stop(api, pod.id)
      : removeForSure(session, api, { kind: "Pod", id: pod.id, locked: false });
  return attempt(pod, () => announced(session, `${pod.action}: ${pod.id}`, end));
}

async function stop(api: RunpodApi, id: string): Promise<void> {
  try {
    await api.pods.act(id, "stop");
  } catch (error) {
    if (isRunpodError(error, "notFound")) return;
    // An earlier attempt, or the pod itself, may have been first.
    const isStopped =
      isRunpodError(error, "conflict") && (await api.pods.get(id)).status === "EXITED";
    if (!isStopped) throw error;
  }
}

function isToEnd({ action }: DuePod): boolean {
  return action !== "leave";
}

function dueText({ account }: RunpodApi, due: readonly Reaped[], colors: Colors): Safe {
  const heading = colors.dim(safe`looked at ${account.origin} with the key ${account.fingerprint}`);
  if (due.length === 0) return multiline(heading, safe`No pod's time is up.`);
  const rows = due.map(({ id, name, mark, costPerHr, action, reason }) => [
    `${id} '${name}'`,
    mark,
    dollarsPerHour(costPerHr),
    `${action}: ${reason}`,
  ]);
  const [header = safe``, ...body] = tableLines(["POD", "STACK", "$/H", "WHAT TO DO"], rows);
  return multiline(heading, safe``, colors.bold(header), body, safe``);
}

function outcomeText(pods: readonly Reaped[], { yes }: Options, colors: Colors): Safe {
  if (!yes) return safe`Nothing was changed. --yes does what is shown.`;
  return multiline(
    pods
      .filter(isToEnd)
      .map(({ id, action, costPerHr, done, problem }) =>
        done
          ? join([colors.green(safe`done`), safe`    ${action} ${id}`])
          : join([
              colors.red(safe`FAILED`),
              safe`  ${action} ${id}, billed at ${costPerHr} $/h: ${problem}`,
            ]),
      ),
  );
}
