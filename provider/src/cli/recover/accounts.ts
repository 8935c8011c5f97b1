import { safe } from "@runpod-stack/kit";
import { UnusableInput } from "@runpod-stack/kit/command";
import type { RunpodApi } from "../../api";
import { formatDuration } from "../../core/duration";
import { readSettings, type Settings, settingsIn } from "../../core/settings";
import { accountDifference } from "../../handlers/lifecycle/account";
import { ownCreateLog } from "../../handlers/lifecycle/create-log";
import type { Named } from "../../handlers/lifecycle/create-named";
import { loggedCreates } from "../../handlers/lifecycle/journal";
import { listIfAllowed } from "../../handlers/lifecycle/list-if-allowed";
import {
  isObjectKind,
  isTokened,
  LISTS,
  type NamedObjectKind,
  type ObjectKind,
} from "../../handlers/lifecycle/objects";
import { LIST_LAG_MS } from "../../handlers/lifecycle/snapshot";
import type { Share, StackState, Stored } from "../../handlers/lifecycle/stack-state";
import { connect } from "../account";
import type { Stack } from "../pulumi";
import { announced, type Session, say } from "../session";
import { type Deletions, type Findings, findingsOf } from "./findings";
import type { Listing } from "./live";

/** The result of checking one account. */
export interface AccountCheck {
  readonly share: Share;
  readonly api: RunpodApi;
  readonly findings: Findings;
}

const AGAIN_MS = 5_000;

/** Compares the state with the accounts of the stack, each with its own key. */
export async function checkAccounts(
  session: Session,
  stack: Stack,
  state: StackState,
  deletions: Deletions,
): Promise<AccountCheck[]> {
  const checks: AccountCheck[] = [];
  const log = ownCreateLog(session.terminal.env);
  for (const stored of state.shares) {
    const isInState = ({ token }: Stored) =>
      [...stored.pending, ...stored.known].some((one) => one.token === token);
    const logged = loggedCreates(log, [...stored.marks], session.clock.now()).filter(
      (entry) => !isInState(entry),
    );
    const share = { ...stored, pending: [...stored.pending, ...logged] };
    // An endpoint of someone else's pod leaves nothing behind.
    if (share.marks.size === 0 && share.pending.length === 0) {
      continue;
    }
    const hint =
      share.provider === undefined
        ? ", or run `pulumi config set --secret runpod:apiKey <key>`"
        : `; the key of provider '${share.provider}' is no longer in the state, so check its account in RunPod's console`;
    const api = connect(session, await settingsOf(session, stack, share), hint);
    const findings = await checkUntilClear(session, state, share, api, deletions);
    checks.push({ share, api, findings });
  }
  return checks;
}

/** Checks repeatedly while the object of a pending create may not be listed yet. */
async function checkUntilClear(
  session: Session,
  state: StackState,
  share: Share,
  api: RunpodApi,
  deletions: Deletions,
): Promise<Findings> {
  for (let isReported = false; ; isReported = true) {
    const listing = await list(session, api, share);
    assertSameAccount(share, listing, api);
    const findings = findingsOf(state, share, listing, deletions);
    const age = session.clock.now() - state.writtenAt;
    // A clock that was set back must not make an old state look new forever.
    const mayLag = age >= 0 && age < LIST_LAG_MS;
    if (findings.unseen.length === 0 || !mayLag) {
      return findings;
    }
    if (!isReported) {
      say(
        session,
        safe`The run was interrupted only ${formatDuration(age)} ago, and what it created may not be listed yet; retrying until that is ${formatDuration(LIST_LAG_MS)} ago …`,
      );
    }
    await session.clock.sleep(AGAIN_MS);
  }
}

function list(session: Session, api: RunpodApi, share: Share): Promise<Listing> {
  const needs = (one: ObjectKind) =>
    [...share.known, ...share.pending].some(({ kind }) => kind === one);
  return announced(session, `listing all objects at ${api.account.origin}`, async () => {
    const [pods, endpoints, volumes, clusters, templates, others] = await Promise.all([
      api.pods.list(),
      listIfAllowed(() => api.endpoints.list(), needs("ServerlessEndpoint")),
      api.volumes.list(),
      listIfAllowed(() => api.clusters.list(), needs("Cluster")),
      api.templates.list(),
      Promise.all(
        othersIn(share).map(async (kind) => {
          const objects: readonly Named[] = await api[LISTS[kind]].list();
          return objects.map(({ id, name }) => ({ kind, id, name }));
        }),
      ),
    ]);
    return { pods, endpoints, volumes, clusters, templates, others: others.flat() };
  });
}

/** The kinds of a share's unfinished creates, without those that are always listed. */
function othersIn({ pending }: Share): NamedObjectKind[] {
  const isListed = (kind: ObjectKind) => ["Volume", "Template", "Cluster"].includes(kind);
  const kinds = [...new Set(pending.map(({ kind }) => kind))];
  return kinds.filter(
    (kind): kind is NamedObjectKind => isObjectKind(kind) && !isTokened(kind) && !isListed(kind),
  );
}

/** Reads the environment first, as is usual on a command line. A provider of the program has its own key. */
async function settingsOf(session: Session, stack: Stack, share: Share): Promise<Settings> {
  const { env } = session.terminal;
  if (share.provider !== undefined) {
    return readSettings((key) => decrypted(share.configuration[key]), env);
  }
  const inEnv = settingsIn(env);
  const configured = async (key: string) => (inEnv(key) ? undefined : await stack.config(key));
  const [apiKey, apiUrl] = [await configured("runpod:apiKey"), await configured("runpod:apiUrl")];
  return readSettings((key) => ({ "runpod:apiKey": apiKey, "runpod:apiUrl": apiUrl })[key], env);
}

/** A value in an export with secrets. */
function decrypted(value: unknown): string | undefined {
  if (typeof value === "string") {
    return value;
  }
  const { plaintext } = Object(value) as { plaintext?: string };
  if (plaintext === undefined) {
    return undefined;
  }
  try {
    return String(JSON.parse(plaintext));
  } catch {
    // The parser's own message quotes the secret.
    throw new UnusableInput(safe`A setting of the stack's provider is not JSON in its state.`);
  }
}

/** If another key shows none of the stack's objects, their absence is inconclusive. */
function assertSameAccount(
  { known, pending }: Share,
  { pods, endpoints, volumes, clusters, templates, others = [] }: Listing,
  { account }: RunpodApi,
): void {
  const marks = [...known, ...pending].flatMap((one) => one.account ?? []);
  const [mark] = marks;
  const isHere = marks.some((one) => accountDifference(one, account) === undefined);
  const there = new Set(
    [...pods, ...endpoints, ...volumes, ...clusters, ...templates, ...others].map(({ id }) => id),
  );
  if (mark === undefined || isHere || known.some(({ id }) => there.has(id ?? ""))) {
    return;
  }
  const difference =
    accountDifference(mark, account) === "key"
      ? `this key has the fingerprint ${account.fingerprint}, but they were last managed with ${mark.fingerprint}`
      : `they were created at ${mark.origin}`;
  throw new UnusableInput(
    safe`None of the stack's objects is in the account that was checked (${account.origin}): ${difference}. Set RUNPOD_API_KEY and RUNPOD_REST_V2_URL to this stack's account.`,
  );
}
