import { type Safe, safe } from "@runpod-stack/kit";
import { type Endpoint, type ProbeResult, urlsOf } from "../../api";
import type { Context } from "../lifecycle/context";
import { secretsOf } from "../lifecycle/explanation";
import { difference } from "./expected";
import { type Answered, NotReady, type Request, type Wait } from "./ready";
import type { WorkerWatch } from "./worker-watch";

/** A load balancer holds a request for 2 minutes while it has no worker, and then for 5.5 minutes. */
const PATIENCE_MS = 8 * 60_000;
/** What load balancers answer while no worker is ready. RunPod does not document it. */
const NO_WORKER: ReadonlySet<number | undefined> = new Set([400, 429, 500, 502, 503, 504, 524]);
/** How often another wrong answer must be repeated before it counts, since services change as they start. */
const REPEATS = 5;

/** A request to the workers' own server, through the load balancer. */
export class BalancedRequest implements Request {
  #pending: Promise<ProbeResult> | undefined;
  #seen: Safe = safe`no request yet`;
  #wrong = 0;
  readonly isTaken = false;
  readonly #end = new AbortController();

  constructor(
    private readonly context: Context,
    private readonly wait: Wait,
    private readonly workers: WorkerWatch,
  ) {}

  get doing(): Safe {
    return this.#pending === undefined ? this.#seen : safe`request sent, last ${this.#seen}`;
  }

  async next(endpoint: Endpoint): Promise<Answered | undefined> {
    const { context, wait } = this;
    this.#pending ??= this.#send(endpoint);
    const pause = new AbortController();
    const answer = await Promise.race([
      this.#pending,
      context.clock.sleep(wait.interval, pause.signal).then(() => undefined),
    ]);
    if (answer === undefined) {
      return undefined;
    }
    pause.abort();
    this.#pending = undefined;
    const answered = await this.#judge(answer, endpoint);
    if (answered === undefined) {
      await context.clock.sleep(wait.interval);
    }
    return answered;
  }

  async abandon(): Promise<void> {
    this.#end.abort();
  }

  #send(endpoint: Endpoint): Promise<ProbeResult> {
    const { context, wait } = this;
    const { loadBalancerUrl } = urlsOf(endpoint, "LOAD_BALANCER", context.settings);
    return context.probe(`${loadBalancerUrl}${wait.path}`, {
      // Its host is RunPod's, or the one that is configured.
      bearer: context.settings.apiKey,
      timeoutMs: PATIENCE_MS,
      signal: this.#end.signal,
    });
  }

  /** Undefined if the answer does not count. @throws NotReady if it is not the expected one */
  async #judge(answer: ProbeResult, endpoint: Endpoint): Promise<Answered | undefined> {
    const { wait } = this;
    const { status, body = "", json } = answer;
    this.#seen = status === undefined ? safe`no answer` : safe`status ${status}`;
    if (status === wait.expected.status) {
      const wrong = difference(body, wait.expected.output, secretsOf(endpoint));
      if (wrong === undefined && !(await this.workers.isStale(answer.workerId))) {
        return { output: json ?? body, delayTime: null, executionTime: null };
      }
      this.#count(endpoint, wrong);
      return undefined;
    }
    const mayComeUp = status === undefined || NO_WORKER.has(status) || status === 204;
    this.#count(endpoint, mayComeUp ? undefined : statusText(status, wait));
    return undefined;
  }

  #count(endpoint: Endpoint, wrong: Safe | undefined): void {
    this.#wrong = wrong === undefined ? 0 : this.#wrong + 1;
    if (wrong !== undefined && this.#wrong >= REPEATS) {
      throw new NotReady(
        endpoint,
        safe`Endpoint ${this.wait.endpointId} answered ${this.wait.path}, but ${wrong}`,
      );
    }
  }
}

function statusText(status: number, { path, expected }: Wait): Safe {
  const what = safe`with status ${status} instead of ${expected.status}.`;
  if (status === 401 || status === 403) {
    return safe`${what} RunPod's load balancer or the workers' server rejects the API key. Check what this key may do, or choose a path that needs no other key.`;
  }
  return status === 404
    ? safe`${what} Check that the workers' server has the path ${path ?? ""}, and that the port in env PORT is its own.`
    : safe`${what} Set expectStatus to ${status} if that is right, or correct the workers' server.`;
}
