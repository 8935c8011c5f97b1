import { type Colors, join, json, multiline, type Safe, safe } from "@runpod-stack/kit";
import {
  Command,
  colorsFor,
  endings,
  examples,
  list,
  paragraph,
  print,
  STATUS,
  teach,
  UnusableInput,
} from "@runpod-stack/kit/command";
import type { RunpodApi } from "../../api";
import { parseDuration } from "../../core/duration";
import { isRunpodError } from "../../core/errors";
import { readSettings } from "../../core/settings";
import { listIfAllowed } from "../../handlers/lifecycle/list-if-allowed";
import { connect } from "../account";
import { type DueEndpoint, type DuePod, dueEndpoints, duePods, type Limits } from "../reap/due";
import { removeForSure } from "../removal";
import { announced, type Session } from "../session";
import { attempt, type Step } from "../step";
import { dollarsPerHour, tableLines } from "../table";

interface Options {
  readonly olderThan?: string;
  readonly stackMark?: string;
  readonly allStacks?: true;
  readonly endpoints?: true;
  readonly json?: true;
  readonly yes?: true;
}

const HELP = [
  paragraph(
    "For a pipeline that runs about every hour, since the timer inside a pod does not work if the image lacks the tools that it needs. Terminates pods that are older than --older-than.",
  ),
  list("A pod's own limits are in its environment, and are measured by RunPod's clock:", {
    RUNPOD_STACK_TERMINATE_AFTER:
      "seconds since 1970: the pod is terminated, and all its own disks are lost",
    RUNPOD_STACK_STOP_AFTER:
      "seconds after its last start, which RunPod reports as startedAt: the pod is stopped, and keeps its persistent disk",
  }),
  paragraph(
    "If RunPod reports no start of a pod, the pod is shown but not changed once it is older than its stop limit: read its logs, or terminate it with --older-than. RunPod does not document whether startedAt moves when a command crashes; the timer in the pod does not depend on it.",
  ),
  paragraph(
    "--older-than also finds serverless endpoints with workers that are always on, which are billed without a request. With --endpoints, the number of these workers is set to 0; the endpoint itself stays.",
  ),
  paragraph(
    "Only pods and endpoints with a stack mark are considered: the first part of RUNPOD_STACK_TOKEN in their environment. A locked pod is shown but not changed. Nothing is changed without --yes.",
  ),
  examples(
    ["show pods whose own limit has passed", "runpod-stack reap --all-stacks"],
    [
      "end them, and all pods older than a day",
      "runpod-stack reap --all-stacks --older-than 24h --yes",
    ],
    [
      "also end the always-on workers of such endpoints",
      "runpod-stack reap --all-stacks --older-than 24h --endpoints --yes",
    ],
    [
      "consider one stack only; `runpod-stack recover` shows its mark",
      "runpod-stack reap --stack-mark 14c1b7e1 --yes",
    ],
  ),
  paragraph(
    "The key and the API come from RUNPOD_API_KEY and RUNPOD_REST_V2_URL. The state of a stack does not change: its next `pulumi up --refresh` recreates terminated pods, and starts stopped ones.",
  ),
  endings({
    0: "no pod is past its time limit, or --yes ended all that were",
    1: "a pod is past its time limit: --yes was not given, or it could not be ended",
    2: "the pods could not be listed: the input or RunPod cannot be used",
  }),
];

/** `runpod-stack reap [--older-than D] [--stack-mark M | --all-stacks] [--json] [--yes]` */
export function reapCommand(session: Session): Command {
  const command = new Command("reap")
    .summary("stop or terminate pods past their time limit")
    .description("Stop or terminate pods of Pulumi stacks that are past their time limit.")
    .option("--older-than <duration>", 'terminate every pod that is older, such as "24h"')
    .option("--stack-mark <mark>", "consider the pods of one stack")
    .option("--all-stacks", "consider the pods of all stacks of the account")
    .option("--endpoints", "set the always-on workers of older endpoints to 0")
    .option("--json", "print {pods, endpoints}")
    .option("--yes", "apply what is shown");
  return teach(command, ...HELP).action((options: Options) => reap(session, options));
}

type Reaped = (DuePod | DueEndpoint) & Step;

async function reap(session: Session, options: Options): Promise<void> {
  const { terminal, clock } = session;
  const limits = readLimits(options);
  const api = connect(
    session,
    readSettings(() => undefined, terminal.env),
    "",
  );
  const [pods, endpoints] = await announced(session, "listing pods and endpoints", () =>
    Promise.all([
      api.pods.list(),
      limits.olderThan === undefined ? [] : listIfAllowed(() => api.endpoints.list()),
    ]),
  );
  const now = api.serverNow() ?? clock.now();
  const planned = <T>(one: T) => ({ ...one, done: false });
  const due = {
    pods: duePods(pods, now, limits).map(planned),
    endpoints: dueEndpoints(endpoints, now, limits, options.endpoints === true).map(planned),
  };
  const colors = colorsFor(terminal);
  if (!options.json) {
    print(terminal, dueText(api, due, colors));
  }
  const end = <T extends Reaped>(one: T) => endOne(session, api, one);
  const result = options.yes
    ? {
        pods: await Promise.all(due.pods.map(end)),
        endpoints: await Promise.all(due.endpoints.map(end)),
      }
    : due;
  const all: readonly Reaped[] = [...result.pods, ...result.endpoints];
  if (options.json) {
    print(terminal, json(result));
  } else if (all.some(isToEnd)) {
    print(terminal, outcomeText(all, options, colors));
  }
  if (all.some((one) => isToEnd(one) && !one.done)) {
    session.end(STATUS.found);
  }
}

/** @throws UnusableInput */
function readLimits({ olderThan, stackMark, allStacks }: Options): Limits {
  if ((stackMark === undefined) === (allStacks === undefined)) {
    throw new UnusableInput(
      safe`Exactly one of --stack-mark and --all-stacks is required. Use --stack-mark <mark> for one stack (\`runpod-stack recover\` shows its mark), or --all-stacks for every stack of the account.`,
    );
  }
  if (stackMark !== undefined && !/^[0-9a-f]{8}$/.test(stackMark)) {
    throw new UnusableInput(
      safe`--stack-mark "${stackMark}" must be eight hexadecimal digits. It is the first part of RUNPOD_STACK_TOKEN in a pod's environment.`,
    );
  }
  const age = olderThan === undefined ? undefined : parseDuration(olderThan);
  if (olderThan !== undefined && !age) {
    throw new UnusableInput(
      safe`--older-than "${olderThan}" must be a duration such as "24h" or "90m".`,
    );
  }
  return {
    ...(stackMark !== undefined && { mark: stackMark }),
    ...(age !== undefined && { olderThan: age }),
  };
}

function endOne<T extends Reaped>(session: Session, api: RunpodApi, one: T): Promise<T> | T {
  const { id, action } = one;
  if (!isToEnd(one)) {
    return one;
  }
  const end = async () => {
    if (action === "scale") {
      const { workers } = await api.endpoints.get(id);
      await api.endpoints.update(id, { workers: { ...workers, min: 0 } });
    } else if (action === "stop") {
      await stop(api, id);
    } else {
      await removeForSure(session, api, { kind: "Pod", id, locked: false });
    }
  };
  return attempt(one, () => announced(session, `${action}: ${id}`, end));
}

async function stop(api: RunpodApi, id: string): Promise<void> {
  try {
    await api.pods.act(id, "stop");
  } catch (error) {
    if (isRunpodError(error, "notFound")) {
      return;
    }
    // An earlier attempt, or the pod itself, may have stopped it.
    const isStopped =
      isRunpodError(error, "conflict") && (await api.pods.get(id)).status === "EXITED";
    if (!isStopped) {
      throw error;
    }
  }
}

function isToEnd({ action }: Pick<Reaped, "action">): boolean {
  return action !== "leave";
}

function dueText(
  { account }: RunpodApi,
  { pods, endpoints }: { readonly pods: readonly Reaped[]; readonly endpoints: readonly Reaped[] },
  colors: Colors,
): Safe {
  const due = [...pods, ...endpoints];
  const heading = colors.dim(safe`checked ${account.origin} with the key ${account.fingerprint}`);
  if (due.length === 0) {
    return multiline(heading, safe`No pod is past its time limit.`);
  }
  const rows = due.map(({ id, name, mark, costPerHr, action, reason }) => [
    `${id} '${name}'`,
    mark,
    dollarsPerHour(costPerHr),
    `${action}: ${reason}`,
  ]);
  const [header = safe``, ...body] = tableLines(
    [endpoints.length === 0 ? "POD" : "POD OR ENDPOINT", "STACK", "$/H", "WHAT TO DO"],
    rows,
  );
  return multiline(heading, safe``, colors.bold(header), body, safe``);
}

function outcomeText(pods: readonly Reaped[], { yes }: Options, colors: Colors): Safe {
  if (!yes) {
    return safe`Nothing was changed. Run again with --yes to apply.`;
  }
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
