import { multiline, type Safe, safe } from "@runpod-stack/kit";
import {
  type Diagnosis,
  diagnose,
  findUnreachable,
  ON_LOOPBACK,
  readProgress,
  SILENT_START_LOOP,
} from "@runpod-stack/models";
import type { LogLine, Pod, ProbeResult } from "../../api";
import { formatDuration } from "../../core/duration";
import type { Context } from "../lifecycle/context";
import { explain } from "../lifecycle/explanation";
import { lookUp } from "../lifecycle/look-up";
import { isAlive } from "../lifecycle/pods";
import { LIST_LAG_MS } from "../lifecycle/snapshot";
import { NotServing, type Wait } from "./serving";
import { reachesNothing } from "./verdict";

const STATUS_AGE_MS = 5_000;
const FIRST_CHECK_MS = 15_000;
const LONGEST_CHECK_MS = 240_000;
/** Tracebacks of several processes separate a cause from the end of a log: vLLM prints 400 lines. */
const LOG_TAIL = 1_000;
const LOG_BYTES = 4_194_304;
/** The container starts in the system log that count as a crash loop. */
const LOOP_STARTS = 3;

/** A server that is up but cannot be reached. */
type Unreachable = NonNullable<ReturnType<typeof findUnreachable>>;

/** Watches the pod behind an endpoint, and detects a container that will not come up. */
export class ContainerWatch {
  #pod: Pod | undefined;
  #ended = 0;
  #uptime = 0;
  #restarts = 0;
  #nextCheck = FIRST_CHECK_MS;
  #pause = FIRST_CHECK_MS;
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

  /** What the container is doing, in a few words. */
  get doing(): string {
    if (this.#misses > 0) {
      return "pod not listed yet";
    }
    if (this.#pod === undefined) {
      return "pod status unknown";
    }
    return this.#progress ?? `pod ${this.#pod.status}`;
  }

  /** The pod as it is now; undefined while RunPod does not answer. @throws NotServing */
  async check(elapsed: number): Promise<Pod | undefined> {
    const pod = await this.#status();
    if (pod === undefined) {
      return this.#pod;
    }
    const isNews = pod !== this.#pod;
    this.#pod = pod;
    const ended = pod.status === "EXITED" || pod.status === "ERROR";
    if (isNews) {
      this.#ended = ended ? this.#ended + 1 : 0;
    }
    // A single report may be stale just after a start.
    if (this.#ended >= 2) {
      throw new NotServing(pod, await this.#endedText(pod));
    }
    const uptime = pod.runtime?.uptime ?? this.#uptime;
    const restarted = uptime < this.#uptime;
    this.#uptime = uptime;
    if (restarted) {
      this.#restarts += 1;
    }
    if (restarted || elapsed >= this.#nextCheck) {
      await this.#readLogs(pod, elapsed);
    }
    return pod;
  }

  /** @throws NotServing if nothing answers and the log shows that the server is up elsewhere */
  assertReachable(answer: ProbeResult): void {
    const { found, isCertain } = this.#unreachable ?? {};
    if (found === undefined || !isCertain || !this.#reachesNothing(answer)) {
      return;
    }
    throw new NotServing(
      this.#pod,
      multiline(
        safe`${this.wait.url}: the server in pod ${this.wait.podId} is up but cannot be reached on port ${this.wait.port}.`,
        ...explain(found, this.#lines, this.#pod),
      ),
    );
  }

  /** The message for a timeout. */
  async timeoutText(answer: ProbeResult, lastAnswer: Safe): Promise<Safe> {
    const { wait } = this;
    const lines = await this.#logs();
    const texts = lines.map(({ line }) => line);
    const unreachable = this.#reachesNothing(answer) ? this.#findUnreachable(texts) : null;
    return multiline(
      safe`${wait.url} did not serve within ${formatDuration(wait.timeout)}: ${lastAnswer}.`,
      ...explain(unreachable ?? diagnose(texts), lines, this.#pod),
      safe`Run \`pulumi up\` to wait again, or set \`timeout\` for a longer wait.`,
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
    // A list may be this old, so asking sooner would only count one miss twice.
    if (context.clock.monotonic() - this.#lastMissAt < STATUS_AGE_MS) {
      return undefined;
    }
    const pod = await lookUp(context.pods, context.api.pods, podId, STATUS_AGE_MS);
    if (pod === "missing") {
      return this.#missed();
    }
    if (pod === undefined) {
      return undefined;
    }
    this.#misses = 0;
    if (!isAlive(pod)) {
      throw new NotServing(
        undefined,
        safe`Pod ${podId} was terminated during the wait and is no longer billed. Run \`pulumi refresh\`, then \`pulumi up\` to recreate it.`,
      );
    }
    return pod;
  }

  /** Treats a pod that is neither listed nor found as gone only once that cannot be list lag. */
  #missed(): undefined {
    const now = this.context.clock.monotonic();
    this.#misses += 1;
    this.#lastMissAt = now;
    if (this.#misses === 1) {
      this.#firstMissAt = now;
    }
    const age = this.context.clock.now() - Date.parse(this.#pod?.createdAt ?? "");
    // A pod that was never seen has no age, and a negative age means that a clock is wrong.
    const absent = age >= 0 ? age : now - this.#firstMissAt;
    if (this.#misses < 2 || absent < LIST_LAG_MS) {
      return undefined;
    }
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
      safe`${what}: for ${time}, RunPod has neither listed it nor found it by its id. It is not known whether it is billed: ${reasons}.`,
      safe`The endpoint uses its own provider's account (API key fingerprint ${fingerprint}, ${origin}). If the pod belongs to another provider, pass that provider to the endpoint.`,
      safe`Otherwise look for the pod in RunPod's console, run \`pulumi refresh\`, and then \`pulumi up\`.`,
    );
  }

  async #readLogs(pod: Pod, elapsed: number): Promise<void> {
    this.#pause = Math.min(this.#pause * 2, LONGEST_CHECK_MS);
    this.#nextCheck = elapsed + this.#pause;
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
    // Which address a server listens on is judged by what the proxy can reach, silent starts by their number.
    const isFailure =
      found.cause !== null && found.cause !== ON_LOOPBACK && found.cause !== SILENT_START_LOOP;
    if (isFailure && found.confidence !== "possible" && (isLoop || isRepeated)) {
      throw new NotServing(
        pod,
        multiline(
          safe`The container in pod ${pod.id} is failing.`,
          ...explain(found, lines, this.#pod),
        ),
      );
    }
    if (this.#restarts + starts > LOOP_STARTS * 2) {
      throw new NotServing(
        pod,
        multiline(
          safe`The container in pod ${pod.id} keeps restarting.`,
          ...explain(found, lines, this.#pod),
        ),
      );
    }
  }

  /**
   * Records a server that is up but cannot be reached. Another server, such as a gateway, may still
   * come up on the port; unless that is impossible, the log must have stopped growing.
   */
  #noteUnreachable(lines: readonly LogLine[], elapsed: number): void {
    const found = this.#findUnreachable(lines.map(({ line }) => line));
    const [last, before] = [lines.at(-1), this.#lines.at(-1)];
    const isAtRest = last?.at === before?.at && last?.line === before?.line;
    const isCertain = found?.isFinal === true || (this.#unreachable !== undefined && isAtRest);
    this.#unreachable = found === null ? undefined : { found, isCertain };
    this.#lines = lines;
    if (found !== null && !isCertain) {
      this.#nextCheck = elapsed + FIRST_CHECK_MS;
    }
  }

  async #endedText(pod: Pod): Promise<Safe> {
    const lines = await this.#logs();
    const found = diagnose(lines.map(({ line }) => line));
    const remedy =
      pod.status === "EXITED"
        ? " Run `pulumi up --refresh` to start it, if the program wants it to run."
        : "";
    return multiline(
      safe`Pod ${pod.id} is ${pod.status}, so nothing can serve.${remedy}`,
      ...explain(found, lines, this.#pod),
    );
  }

  /** Logs only explain a failure. An error in reading them must not hide it. */
  async #logs(): Promise<LogLine[]> {
    try {
      return ofPresentContainer(
        await this.context.api.pods.logs(this.wait.podId, { tail: LOG_TAIL, maxBytes: LOG_BYTES }),
      );
    } catch {
      return [];
    }
  }
}

/** Earlier lines belong to another image or disk, and would be blamed on this one. */
function ofPresentContainer(lines: readonly LogLine[]): LogLine[] {
  const isCreation = ({ source, line }: LogLine) =>
    source === "system" && /^create container /i.test(line);
  const created = Math.max(...lines.filter(isCreation).map(({ at }) => Date.parse(at)));
  return lines.filter(({ at }) => !(Date.parse(at) < created));
}
