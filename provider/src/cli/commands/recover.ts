import { json, safe } from "@runpod-stack/kit";
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
import { readState } from "../../handlers/lifecycle/stack-state";
import { isHeldHere, openStack, type StackOptions } from "../pulumi";
import { checkAccounts } from "../recover/accounts";
import { carriedOut, hasFindings, isUnfinished, planned, type Recovery } from "../recover/recovery";
import { invitation, outcomeText, reportText } from "../recover/report";
import { announced, type Session } from "../session";

interface Options extends StackOptions {
  readonly delete?: true | readonly string[];
  readonly json?: true;
  readonly yes?: true;
}

const HELP = [
  paragraph(
    "A Pulumi run that is killed leaves three things behind: the stack's lock, pending creates in the state, and the pods, endpoints, volumes and templates that these created. This command finds all of them and shows them with their prices. Nothing is changed without --yes.",
  ),
  list("What it does with an object that is not in the state:", {
    keep: "a pending create proves that an interrupted run created it: the next `pulumi up` adopts it",
    delete: "a pending create proves that it is a duplicate for the same resource",
    check:
      "it carries the stack mark, or the name of a pending create, but nothing proves that it was lost. It may have been kept (retainOnDelete, `pulumi state delete`), moved to another stack or copied on purpose: then leave it. To delete it, pass its id to --delete",
  }),
  paragraph(
    "--delete without ids also deletes what would be kept. Use it before a `pulumi destroy`.",
  ),
  examples(
    ["show what a killed run left behind", "runpod-stack recover"],
    ["continue with it", "runpod-stack recover --yes && pulumi up"],
    ["delete what the killed run created", "runpod-stack recover --delete --yes && pulumi destroy"],
    [
      "delete one object that is shown as check",
      "runpod-stack recover --delete abc123def456 --yes",
    ],
    "runpod-stack recover --json --stack prod --cwd infra | jq .objects",
  ),
  paragraph(
    "The key and the API come from RUNPOD_API_KEY and RUNPOD_REST_V2_URL, or from the stack's configuration. Pulumi is found on PATH, or at RUNPOD_STACK_PULUMI.",
  ),
  endings({
    0: "nothing is left, or --yes did all that was shown",
    1: "something is left: --yes was not given, a step failed, or an object is for you to check",
    2: "the input, Pulumi or RunPod cannot be used, or a run is still under way",
  }),
];

/** `runpod-stack recover [--stack S] [--cwd DIR] [--delete] [--json] [--yes]` */
export function recoverCommand(session: Session): Command {
  const command = new Command("recover")
    .summary("repair a stack after a killed run")
    .description("After a killed run, bring a stack's state and its account back together.")
    .option("--stack <name>", "the stack (default: the selected one)")
    .option("--cwd <folder>", "the folder of the Pulumi program (default: the working directory)")
    .option(
      "--delete [ids...]",
      "also delete what the next `pulumi up` would adopt; with ids: delete these objects that are shown as check",
    )
    .option("--json", "print {stack, accounts, lock, objects, pendingCreates}")
    .option("--yes", "apply what is shown");
  return teach(command, ...HELP).action((options: Options) => recover(session, options));
}

async function recover(session: Session, options: Options): Promise<void> {
  const { terminal } = session;
  const { stack, lock, state } = await announced(session, "reading the stack", () =>
    readStack(session, options),
  );
  const ids = Array.isArray(options.delete) ? options.delete : [];
  const deletions = { adoptable: options.delete === true, ids };
  const checks = await checkAccounts(session, stack, state, deletions);
  const plan = planned(stack.name, lock, state, checks);
  assertAllFound(plan, ids);
  const acts = options.yes === true && hasFindings(plan);
  const colors = colorsFor(terminal);
  if (!options.json) {
    print(terminal, reportText(plan, colors));
  }
  const result = acts ? await carriedOut(session, stack, checks, plan) : plan;
  if (options.json) {
    print(terminal, json(result));
  } else if (acts) {
    print(terminal, outcomeText(result, colors));
  } else if (hasFindings(plan)) {
    print(terminal, invitation(plan));
  }
  if (acts ? isUnfinished(result) : hasFindings(plan)) {
    session.end(STATUS.found);
  }
}

/** @throws UnusableInput for an id that is not one of an object to check */
function assertAllFound({ objects }: Recovery, ids: readonly string[]): void {
  const isFound = (id: string) =>
    objects.some((object) => object.id === id && object.action === "delete");
  const others = ids.filter((id) => !isFound(id));
  if (others.length === 0) {
    return;
  }
  throw new UnusableInput(
    safe`--delete ${others.join(" ")} is not among the objects to check, so nothing was changed. Run this without --delete to see them.`,
  );
}

async function readStack({ terminal }: Session, options: Options) {
  const stack = await openStack(terminal, options);
  const lock = await stack.lock();
  if (lock !== undefined && isHeldHere(lock)) {
    throw new UnusableInput(
      safe`A run of stack ${stack.name} is still under way: process ${lock.pid} on this machine, since ${lock.since}. Wait for it or stop it, and run this again. If that process is not Pulumi, run \`pulumi cancel\` first.`,
    );
  }
  const state = readState(await stack.exportState(false));
  // The key of a provider that the program creates is only in the state.
  const hasOwnKeys = state.shares.some(({ provider }) => provider !== undefined);
  return { stack, lock, state: hasOwnKeys ? readState(await stack.exportState(true)) : state };
}
