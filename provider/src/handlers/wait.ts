import type { LogLine, Pod } from "../api";
import { formatDuration } from "../core/duration";
import { isRunpodError } from "../core/errors";
import { redact } from "../core/redact";
import { type Diagnosis, diagnose } from "../llm";
import { isAlive } from "./adopt";
import type { Context } from "./context";
import { type Expectation, judge, type Verdict } from "./probe-verdict";

/** What to wait for, and how patiently. Times in milliseconds. */
export interface Wait {
  /** How progress lines call it. */
  readonly name: string;
  readonly podId: string;
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
  constructor(
    readonly pod: Pod | undefined,
    message: string,
  ) {
    super(message);
  }
}

const STATUS_AGE_MS = 5_000;
const TELL_EVERY_MS = 10_000;
const FIRST_LOOK_MS = 15_000;
const LONGEST_LOOK_MS = 240_000;
const LOG_TAIL = 200;
const SHOWN_LINES = 8;
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
  const container = new ContainerWatch(context, wait.podId);
  let good = 0;
  let wrong = 0;
  let lastTold = 0;
  context.say(
    `endpoint '${wait.name}': waiting up to ${formatDuration(wait.timeout)} for ${wait.url}${wait.expected.path}; a first Ctrl-C lets the wait run to its end, a second one ends it at once, and the pod stays in the state`,
  );
  for (;;) {
    const pod = await container.look(elapsed());
    const verdict = await probeOnce(context, wait);
    if (verdict.kind === "serving") {
      good += 1;
      wrong = 0;
      if (pod !== undefined && good >= wait.consecutive) return { models: verdict.models, pod };
    } else {
      good = 0;
      wrong = verdict.kind === "wrong" ? wrong + 1 : 0;
      if (verdict.kind === "wrong" && wrong >= REPEATS[verdict.patience]) {
        throw new NotServing(pod, `${wait.url}: ${verdict.text}. ${verdict.remedy}`);
      }
    }
    if (elapsed() >= wait.timeout) {
      throw new NotServing(pod, await container.timeoutText(wait, said(verdict, good, wait)));
    }
    if (elapsed() - lastTold >= TELL_EVERY_MS) {
      lastTold = elapsed();
      context.say(
        `endpoint '${wait.name}': pod ${pod?.status ?? "status unknown"}, ${said(verdict, good, wait)} (${formatDuration(elapsed())} of ${formatDuration(wait.timeout)})`,
      );
    }
    await context.clock.sleep(Math.min(wait.interval, Math.max(wait.timeout - elapsed(), 0)));
  }
}

async function probeOnce(context: Context, wait: Wait): Promise<Verdict> {
  const url = `${wait.url}${wait.expected.path}`;
  return judge(await context.probe(url, { bearer: wait.apiKey }), wait.expected);
}

function said(verdict: Verdict, good: number, wait: Wait): string {
  return verdict.kind === "serving"
    ? `serving, ${good} of ${wait.consecutive} good answers in a row`
    : verdict.text;
}

/** Watches the pod behind an endpoint, and knows a container that will not come up. */
class ContainerWatch {
  #pod: Pod | undefined;
  #ended = 0;
  #uptime = 0;
  #restarts = 0;
  #nextLook = FIRST_LOOK_MS;
  #pause = FIRST_LOOK_MS;
  #lastCause: Diagnosis["cause"] | undefined;

  constructor(
    private readonly context: Context,
    private readonly podId: string,
  ) {}

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

  /** What to say when the time is up. */
  async timeoutText(wait: Wait, lastAnswer: string): Promise<string> {
    const lines = await this.#logs();
    const found = diagnose(lines.map(({ line }) => line));
    return [
      `${wait.url} did not serve within ${formatDuration(wait.timeout)}: ${lastAnswer}.`,
      ...explain(found, lines, this.#pod),
      "The next `pulumi up` waits again; a longer wait is set with `timeout`.",
    ].join("\n");
  }

  async #status(): Promise<Pod | undefined> {
    const { context, podId } = this;
    try {
      const listed = (await context.pods.list(STATUS_AGE_MS)).find((pod) => pod.id === podId);
      const pod = listed ?? (await context.api.pods.get(podId));
      if (!isAlive(pod))
        throw new NotServing(
          undefined,
          `Pod ${podId} was terminated while its service was awaited.`,
        );
      return pod;
    } catch (error) {
      if (isRunpodError(error, "notFound")) {
        throw new NotServing(
          undefined,
          `Pod ${podId} does not exist: it was deleted, or it belongs to another account.`,
        );
      }
      const mayPass = isRunpodError(error) && !["unauthorized", "forbidden"].includes(error.kind);
      if (!mayPass) throw error;
      return undefined;
    }
  }

  async #readLogs(pod: Pod, elapsed: number): Promise<void> {
    this.#pause = Math.min(this.#pause * 2, LONGEST_LOOK_MS);
    this.#nextLook = elapsed + this.#pause;
    const lines = await this.#logs();
    const found = diagnose(lines.map(({ line }) => line));
    const starts = lines.filter(
      ({ source, line }) => source === "system" && /start container/i.test(line),
    ).length;
    const isLoop = this.#restarts > 0 || starts >= LOOP_STARTS;
    const isRepeated = found.cause === this.#lastCause;
    this.#lastCause = found.cause;
    if (found.cause !== null && found.confidence !== "possible" && (isLoop || isRepeated)) {
      throw new NotServing(
        pod,
        [`The container in pod ${pod.id} fails.`, ...explain(found, lines, this.#pod)].join("\n"),
      );
    }
    if (this.#restarts + starts > LOOP_STARTS * 2) {
      throw new NotServing(
        pod,
        [
          `The container in pod ${pod.id} starts over and over.`,
          ...explain(found, lines, this.#pod),
        ].join("\n"),
      );
    }
  }

  async #endedText(pod: Pod): Promise<string> {
    const lines = await this.#logs();
    const found = diagnose(lines.map(({ line }) => line));
    const remedy =
      pod.status === "EXITED"
        ? " `pulumi up --refresh` starts it, if the program wants it to run."
        : "";
    return [
      `Pod ${pod.id} is ${pod.status}, so nothing can serve.${remedy}`,
      ...explain(found, lines, this.#pod),
    ].join("\n");
  }

  /** Logs explain a failure; that they cannot be had must not hide it. */
  async #logs(): Promise<LogLine[]> {
    try {
      return ofPresentContainer(await this.context.api.pods.logs(this.podId, { tail: LOG_TAIL }));
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

/** What the logs tell. Containers print their environment: none of its values is shown. */
function explain(found: Diagnosis, lines: readonly LogLine[], pod: Pod | undefined): string[] {
  const quoted = (texts: readonly string[]) =>
    texts.slice(-SHOWN_LINES).map((text) => `  | ${redact(text, Object.values(pod?.env ?? {}))}`);
  if (found.cause !== null) {
    return [
      `Diagnosis: ${found.cause} (${found.confidence}). ${found.remedy ?? ""}`,
      // A crash loop repeats itself.
      ...quoted([...new Set(found.evidence)]),
    ];
  }
  const telling = lines.map(({ line }) => line).filter((line) => !PULL_PROGRESS.test(line));
  if (telling.length === 0) return ["Its logs hold nothing yet."];
  return ["The last log lines tell no known cause:", ...quoted(telling)];
}
