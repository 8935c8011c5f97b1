import { foreignLines, multiline, type Safe, safe } from "@runpod-stack/kit";
import type { LogLine, Pod, ProbeResult } from "../../api";
import { type Clock, later } from "../../core/clock";
import { formatDuration } from "../../core/duration";
import { isRunpodError } from "../../core/errors";
import { type Diagnosis, diagnose, findUnreachable, ON_LOCALHOST, readProgress } from "../../llm";
import type { Context, Row } from "../lifecycle/context";
import { isAlive } from "../lifecycle/pods";
import { LIST_LAG_MS } from "../lifecycle/snapshot";
import { type Expectation, judge, modelList, reachesNothing, type Verdict } from "./verdict";

/** What to wait for, and how patiently. Times in milliseconds. */
export interface Wait {
  /** Where progress is shown. */
  readonly row: Row;
  readonly podId: string;
  /** The port inside the container. */
  readonly port: number;
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly expected: Expectation;
  readonly consecutive: number;
  readonly interval: number;
  readonly timeout: number;
}

/** The service serves. */
export interface Serving {
  readonly models: readonly string[];
  readonly pod: Pod;
}

/** The service does not serve: either it never will, or the time is up. */
export class NotServing extends Error {
  /** @param pod the pod as it was last seen; undefined if it is gone, or was never seen */
  constructor(
    readonly pod: Pod | undefined,
    override readonly message: Safe,
  ) {
    super(message);
  }
}

const STATUS_AGE_MS = 5_000;
const FIRST_SHOWN_MS = 5_000;
/** A pipeline's log keeps every line. */
const SHOW_EVERY_MS = 10_000;
/** A plugin cannot see a Ctrl-C, so this is shown again and again. */
const HINT = safe`Ctrl-C twice to stop now; the pod stays in the state`;
const HINT_EVERY = 6;
const FIRST_LOOK_MS = 15_000;
const LONGEST_LOOK_MS = 240_000;
const LOG_TAIL = 200;
const SHOWN_LINES = 8;
const LONGEST_SHOWN = 400;
/** How often a wrong answer must be repeated before it counts: services change while they start. */
const REPEATS = { short: 5, long: 24 } as const;
/** Container starts among the system log lines that make a crash loop. */
const LOOP_STARTS = 3;
/** Lines of which a pull writes so many that they hide what came of it. */
const PULL_PROGRESS = /(Downloading|Extracting)\s+\[/;

/**
 * Waits until the service answers as expected, several times in a row. Pod status comes from the
 * list that all waits share; logs are read rarely, since each reading is a call to the API.
 * @throws NotServing as soon as it is clear that it will not, or when the time is up
 */
export async function waitUntilServing(context: Context, wait: Wait): Promise<Serving> {
  const begun = context.clock.monotonic();
  const elapsed = () => context.clock.monotonic() - begun;
  const container = new ContainerWatch(context, wait);
  let good = 0;
  let wrong = 0;
  let seen = "not asked yet";
  context.progress(
    wait.row,
    safe`waiting up to ${formatDuration(wait.timeout)} for ${wait.url}${wait.expected.path}; press Ctrl-C once to stop after this wait, twice to stop now; the pod stays in the state either way`,
    true,
  );
  let shown = 0;
  const stopShowing = repeat(context.clock, FIRST_SHOWN_MS, SHOW_EVERY_MS, () => {
    const isHint = shown % HINT_EVERY === 0;
    shown += 1;
    context.progress(
      wait.row,
      isHint ? HINT : safe`${short(elapsed())} ${container.doing}, ${seen}`,
    );
  });
  try {
    for (;;) {
      const pod = await container.look(elapsed());
      const answer = await context.probe(`${wait.url}${wait.expected.path}`, {
        bearer: wait.apiKey,
      });
      const verdict = judge(answer, wait.expected, secretsOf(pod));
      if (verdict.kind === "serving") {
        good += 1;
        wrong = 0;
        if (pod !== undefined && good >= wait.consecutive) {
          const what =
            verdict.models.length === 0
              ? safe`the service`
              : modelList(verdict.models, wait.expected, secretsOf(pod));
          context.progress(wait.row, safe`serving ${what} after ${short(elapsed())}`, true);
          return { models: verdict.models, pod };
        }
      } else {
        good = 0;
        wrong = verdict.kind === "wrong" ? wrong + 1 : 0;
        container.assertReachable(answer);
        if (verdict.kind === "wrong" && wrong >= REPEATS[verdict.patience]) {
          throw new NotServing(pod, safe`${wait.url}: ${verdict.text}. ${verdict.remedy}`);
        }
      }
      seen =
        verdict.kind === "serving"
          ? `serving ${good}/${wait.consecutive}`
          : `${answer.status ?? "no answer"}`;
      if (elapsed() >= wait.timeout) {
        throw new NotServing(pod, await container.timeoutText(answer, said(verdict, good, wait)));
      }
      await context.clock.sleep(Math.min(wait.interval, Math.max(wait.timeout - elapsed(), 0)));
    }
  } finally {
    stopShowing();
  }
}

function said(verdict: Verdict, good: number, wait: Wait): Safe {
  return verdict.kind === "serving"
    ? safe`serving, ${good} of ${wait.consecutive} good answers in a row`
    : verdict.text;
}

/** "3m20s": a row is short. */
function short(ms: number): string {
  return formatDuration(ms).replaceAll(" ", "");
}

/** Acts again and again until it is called off. */
function repeat(clock: Clock, first: number, every: number, act: () => void): () => void {
  let callOff = later(clock, first, next);
  function next() {
    act();
    callOff = later(clock, every, next);
  }
  return () => callOff();
}

/** A server that is up where nothing reaches it. */
type Unreachable = NonNullable<ReturnType<typeof findUnreachable>>;

/** Watches the pod behind an endpoint, and knows a container that will not come up. */
class ContainerWatch {
  #pod: Pod | undefined;
  #ended = 0;
  #uptime = 0;
  #restarts = 0;
  #nextLook = FIRST_LOOK_MS;
  #pause = FIRST_LOOK_MS;
  #lastCause: Diagnosis["cause"] | undefined;
  #lines: readonly LogLine[] = [];
  #progress: string | null = null;
  #unreachable: { readonly found: Unreachable; readonly isCertain: boolean } | undefined;
  #misses = 0;
  #firstMissAt = 0;
  #lastMissAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly context: Context,
    private readonly wait: Wait,
  ) {}

  /** What the container does, in a few words. */
  get doing(): string {
    if (this.#misses > 0) return "pod not listed yet";
    if (this.#pod === undefined) return "pod status unknown";
    return this.#progress ?? `pod ${this.#pod.status}`;
  }

  /** The pod as it is now; undefined while RunPod does not answer. @throws NotServing */
  async look(elapsed: number): Promise<Pod | undefined> {
    const pod = await this.#status();
    if (pod === undefined) return this.#pod;
    const isNews = pod !== this.#pod;
    this.#pod = pod;
    const ended = pod.status === "EXITED" || pod.status === "ERROR";
    if (isNews) this.#ended = ended ? this.#ended + 1 : 0;
    // One sighting may be stale just after a start.
    if (this.#ended >= 2) throw new NotServing(pod, await this.#endedText(pod));
    const uptime = pod.runtime?.uptime ?? this.#uptime;
    const restarted = uptime < this.#uptime;
    this.#uptime = uptime;
    if (restarted) this.#restarts += 1;
    if (restarted || elapsed >= this.#nextLook) await this.#readLogs(pod, elapsed);
    return pod;
  }

  /** @throws NotServing if nothing answers, and the log shows that the server is up elsewhere */
  assertReachable(answer: ProbeResult): void {
    const { found, isCertain } = this.#unreachable ?? {};
    if (found === undefined || !isCertain || !this.#reachesNothing(answer)) return;
    throw new NotServing(
      this.#pod,
      multiline(
        safe`${this.wait.url}: the server in pod ${this.wait.podId} is up, and cannot be reached on port ${this.wait.port}.`,
        ...explain(found, this.#lines, this.#pod),
      ),
    );
  }

  /** What to say when the time is up. */
  async timeoutText(answer: ProbeResult, lastAnswer: Safe): Promise<Safe> {
    const { wait } = this;
    const lines = await this.#logs();
    const texts = lines.map(({ line }) => line);
    const unreachable = this.#reachesNothing(answer) ? this.#findUnreachable(texts) : null;
    return multiline(
      safe`${wait.url} did not serve within ${formatDuration(wait.timeout)}: ${lastAnswer}.`,
      ...explain(unreachable ?? diagnose(texts), lines, this.#pod),
      safe`The next \`pulumi up\` waits again; set \`timeout\` for a longer wait.`,
    );
  }

  #reachesNothing(answer: ProbeResult): boolean {
    const isHidden = this.#pod?.ports?.includes(`${this.wait.port}/http`) === false;
    return reachesNothing(answer) || (answer.status === 404 && isHidden);
  }

  #findUnreachable(texts: readonly string[]): Unreachable | null {
    return findUnreachable(texts, { port: this.wait.port, exposed: this.#pod?.ports });
  }

  async #status(): Promise<Pod | undefined> {
    const { context } = this;
    const { podId } = this.wait;
    // A list is as old as that: asking sooner would only count one miss twice.
    if (context.clock.monotonic() - this.#lastMissAt < STATUS_AGE_MS) return undefined;
    try {
      const listed = (await context.pods.list(STATUS_AGE_MS)).find((pod) => pod.id === podId);
      const pod = listed ?? (await context.api.pods.get(podId));
      this.#misses = 0;
      if (!isAlive(pod)) {
        throw new NotServing(
          undefined,
          safe`Pod ${podId} was terminated during the wait, and is no longer billed. Run \`pulumi refresh\`, then \`pulumi up\` to recreate it.`,
        );
      }
      return pod;
    } catch (error) {
      if (isRunpodError(error, "notFound")) return this.#missed();
      const mayPass = isRunpodError(error) && !["unauthorized", "forbidden"].includes(error.kind);
      if (!mayPass) throw error;
      return undefined;
    }
  }

  /** Takes a pod that is neither listed nor found for gone only once that cannot be lag. */
  #missed(): undefined {
    const now = this.context.clock.monotonic();
    this.#misses += 1;
    this.#lastMissAt = now;
    if (this.#misses === 1) this.#firstMissAt = now;
    const age = this.context.clock.now() - Date.parse(this.#pod?.createdAt ?? "");
    // A pod never seen has no age, and one from the future means that a clock is wrong.
    const absent = age >= 0 ? age : now - this.#firstMissAt;
    if (this.#misses < 2 || absent < LIST_LAG_MS) return undefined;
    throw new NotServing(undefined, this.#missingText(formatDuration(now - this.#firstMissAt)));
  }

  #missingText(time: string): Safe {
    const { podId } = this.wait;
    const { origin, fingerprint } = this.context.api.account;
    const isKnown = this.#pod !== undefined;
    const what = isKnown ? `Pod ${podId} has disappeared` : `Pod ${podId} was not found`;
    const reasons = isKnown
      ? "it may have been deleted elsewhere"
      : "it may belong to another account, have been deleted, or not be listed yet";
    return multiline(
      safe`${what}: for ${time}, RunPod has neither listed it nor found it by its id. Whether it is billed is not known: ${reasons}.`,
      safe`The endpoint asks the account of its own provider (API key fingerprint ${fingerprint}, ${origin}): if the pod belongs to another provider, give the endpoint the pod's provider.`,
      safe`Otherwise look for the pod in RunPod's console, and run \`pulumi refresh\`, then \`pulumi up\`.`,
    );
  }

  async #readLogs(pod: Pod, elapsed: number): Promise<void> {
    this.#pause = Math.min(this.#pause * 2, LONGEST_LOOK_MS);
    this.#nextLook = elapsed + this.#pause;
    const lines = await this.#logs();
    const texts = lines.map(({ line }) => line);
    this.#progress = readProgress(texts);
    this.#noteUnreachable(lines, elapsed);
    const found = diagnose(texts);
    const starts = lines.filter(
      ({ source, line }) => source === "system" && /start container/i.test(line),
    ).length;
    const isLoop = this.#restarts > 0 || starts >= LOOP_STARTS;
    const isRepeated = found.cause === this.#lastCause;
    this.#lastCause = found.cause;
    // Where a server listens is judged by what the proxy reaches.
    const isFailure = found.cause !== null && found.cause !== ON_LOCALHOST;
    if (isFailure && found.confidence !== "possible" && (isLoop || isRepeated)) {
      throw new NotServing(
        pod,
        multiline(safe`The container in pod ${pod.id} fails.`, ...explain(found, lines, this.#pod)),
      );
    }
    if (this.#restarts + starts > LOOP_STARTS * 2) {
      throw new NotServing(
        pod,
        multiline(
          safe`The container in pod ${pod.id} starts over and over.`,
          ...explain(found, lines, this.#pod),
        ),
      );
    }
  }

  /**
   * Notes a server that is up where nothing reaches it. Another server may still come up on the
   * port, such as a gateway: unless that is impossible, the log must have come to rest.
   */
  #noteUnreachable(lines: readonly LogLine[], elapsed: number): void {
    const found = this.#findUnreachable(lines.map(({ line }) => line));
    const [last, before] = [lines.at(-1), this.#lines.at(-1)];
    const isAtRest = last?.at === before?.at && last?.line === before?.line;
    const isCertain = found?.isFinal === true || (this.#unreachable !== undefined && isAtRest);
    this.#unreachable = found === null ? undefined : { found, isCertain };
    this.#lines = lines;
    if (found !== null && !isCertain) this.#nextLook = elapsed + FIRST_LOOK_MS;
  }

  async #endedText(pod: Pod): Promise<Safe> {
    const lines = await this.#logs();
    const found = diagnose(lines.map(({ line }) => line));
    const remedy =
      pod.status === "EXITED"
        ? " `pulumi up --refresh` starts it, if the program wants it to run."
        : "";
    return multiline(
      safe`Pod ${pod.id} is ${pod.status}, so nothing can serve.${remedy}`,
      ...explain(found, lines, this.#pod),
    );
  }

  /** Logs explain a failure; that they cannot be read must not hide it. */
  async #logs(): Promise<LogLine[]> {
    try {
      return ofPresentContainer(
        await this.context.api.pods.logs(this.wait.podId, { tail: LOG_TAIL }),
      );
    } catch {
      return [];
    }
  }
}

/** What was logged before belongs to another image or disk, and would be blamed on this one. */
function ofPresentContainer(lines: readonly LogLine[]): LogLine[] {
  const isCreation = ({ source, line }: LogLine) =>
    source === "system" && /^create container /i.test(line);
  const created = Math.max(...lines.filter(isCreation).map(({ at }) => Date.parse(at)));
  return lines.filter(({ at }) => !(Date.parse(at) < created));
}

/** Containers and services print their environment: none of its values is shown. */
function secretsOf(pod: Pod | undefined): string[] {
  return Object.values(pod?.env ?? {});
}

/** What the logs show. */
function explain(found: Diagnosis, lines: readonly LogLine[], pod: Pod | undefined): Safe[] {
  const limits = { most: LONGEST_SHOWN, secrets: secretsOf(pod), indent: safe`  | ` };
  const shown = (texts: readonly string[]) =>
    foreignLines(texts.slice(-SHOWN_LINES).join("\n"), limits);
  if (found.cause !== null) {
    return [
      safe`Diagnosis: ${found.cause} (${found.confidence}). ${found.remedy ?? ""}`,
      // A crash loop repeats itself.
      shown([...new Set(found.evidence)]),
    ];
  }
  const telling = lines.map(({ line }) => line).filter((line) => !PULL_PROGRESS.test(line));
  if (telling.length === 0) return [safe`No log output yet.`];
  return [safe`No known cause found. Last log lines:`, shown(telling)];
}
