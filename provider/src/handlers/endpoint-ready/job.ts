import { foreign, named, type Safe, safe } from "@runpod-stack/kit";
import type { Endpoint, Job } from "../../api";
import { isRunpodError, mayHaveCommitted } from "../../core/errors";
import type { Context } from "../lifecycle/context";
import { secretsOf } from "../lifecycle/explanation";
import { LIST_LAG_MS } from "../lifecycle/snapshot";
import { difference, textOf } from "./expected";
import { type Answered, NotReady, type Request, type Wait } from "./ready";
import type { WorkerWatch } from "./worker-watch";

const FIRST_PAUSE_MS = 500;
/** RunPod's limits for the time that a job exists. */
const TTL = { least: 10_000, most: 7 * 24 * 3_600_000 } as const;
/** A job outlives its wait by this, in case the clocks differ. */
const GRACE_MS = 10 * 60_000;
/** Each job that a stale worker takes is billed. */
const STALE_PAUSE_MS = 15_000;
/** How often RunPod may not know a job that it has accepted. */
const MOST_MISSES = 3;
/** Each lost answer may stand for a job that runs, and is billed. */
const MOST_LOST = 2;

/** A job in a queue. It is sent once, and then asked for by its id. */
export class JobRequest implements Request {
  #job: Job | undefined;
  #pause = FIRST_PAUSE_MS;
  #misses = 0;
  #lost = 0;
  readonly #begun: number;

  constructor(
    private readonly context: Context,
    private readonly wait: Wait,
    private readonly workers: WorkerWatch,
  ) {
    this.#begun = context.clock.monotonic();
  }

  get doing(): Safe {
    if (this.#job === undefined) {
      return safe`sending the job`;
    }
    return this.#job.status === "IN_PROGRESS"
      ? safe`job ${this.#job.id} is running`
      : safe`job ${this.#job.id} is queued`;
  }

  get isTaken(): boolean {
    return this.#job?.status === "IN_PROGRESS";
  }

  async next(endpoint: Endpoint): Promise<Answered | undefined> {
    const job = this.#job === undefined ? await this.#send() : await this.#ask(endpoint);
    const isOver =
      job !== undefined && !["IN_QUEUE", "IN_PROGRESS", "RUNNING"].includes(job.status);
    if (isOver) {
      const answered = await this.#judge(job, endpoint);
      if (answered !== undefined) {
        return answered;
      }
    }
    const { clock } = this.context;
    await clock.sleep(Math.min(this.#pause, this.wait.interval, Math.max(this.#left, 0)));
    this.#pause *= 2;
    return undefined;
  }

  /** A job that nobody waits for would still start a worker, which is billed. */
  async abandon(): Promise<void> {
    if (this.#job === undefined) {
      return;
    }
    try {
      await this.context.api.jobs.cancel(this.wait.endpointId, this.#job.id);
    } catch {
      // It expires by itself.
    }
  }

  get #left(): number {
    return this.wait.timeout - (this.context.clock.monotonic() - this.#begun);
  }

  async #send(): Promise<Job | undefined> {
    const { context, wait } = this;
    const ttlMs = Math.round(Math.min(Math.max(this.#left + GRACE_MS, TTL.least), TTL.most));
    try {
      this.#job = await context.api.jobs.run(wait.endpointId, { input: wait.input, ttlMs });
      return this.#job;
    } catch (error) {
      this.#lost += mayHaveCommitted(error) ? 1 : 0;
      if (mayHaveCommitted(error) && this.#lost <= MOST_LOST) {
        context.progress(
          wait.row,
          safe`the answer to the job was lost, so it is sent again; if the first one was queued, it also runs, and is billed`,
          true,
        );
        return undefined;
      }
      // The API of jobs may not know a new endpoint yet.
      const isNew = context.clock.monotonic() - this.#begun < LIST_LAG_MS;
      if (isRunpodError(error, "notFound") && isNew) {
        return undefined;
      }
      throw error;
    }
  }

  async #ask(endpoint: Endpoint): Promise<Job | undefined> {
    const { context, wait } = this;
    const { id } = this.#job as Job;
    try {
      this.#job = { ...(await context.api.jobs.status(wait.endpointId, id)), id };
      this.#misses = 0;
      return this.#job;
    } catch (error) {
      if (!isRunpodError(error, "notFound")) {
        if (isRunpodError(error) && !["unauthorized", "forbidden"].includes(error.kind)) {
          return undefined;
        }
        throw error;
      }
      this.#misses += 1;
      if (this.#misses < MOST_MISSES) {
        return undefined;
      }
      this.#job = undefined;
      throw new NotReady(
        endpoint,
        safe`Job ${id} of endpoint ${wait.endpointId} no longer exists: its queue was purged, or the endpoint was replaced. Run \`pulumi up\` to send another.`,
      );
    }
  }

  /** Undefined if the answer does not count. @throws NotReady if it is not the expected one */
  async #judge(job: Job, endpoint: Endpoint): Promise<Answered | undefined> {
    this.#job = undefined;
    const secrets = secretsOf(endpoint);
    if (job.status !== "COMPLETED") {
      throw new NotReady(endpoint, await this.#failure(job, secrets));
    }
    if (await this.workers.isStale(job.workerId)) {
      this.context.progress(
        this.wait.row,
        safe`job ${job.id} was answered by a worker of the former release; sending another`,
        true,
      );
      await this.context.clock.sleep(STALE_PAUSE_MS);
      this.#pause = FIRST_PAUSE_MS;
      return undefined;
    }
    const wrong = difference(job.output, this.wait.expected.output, secrets);
    if (wrong !== undefined) {
      throw new NotReady(
        endpoint,
        safe`Endpoint ${this.wait.endpointId} answered job ${job.id}, but ${wrong}`,
      );
    }
    const { output = null, delayTime = null, executionTime = null } = job;
    return { output, delayTime, executionTime };
  }

  async #failure(job: Job, secrets: readonly string[]): Promise<Safe> {
    const what = safe`Job ${job.id} of endpoint ${this.wait.endpointId}`;
    if (job.status === "CANCELLED") {
      return safe`${what} was canceled by someone else. Run \`pulumi up\` to send another.`;
    }
    const said = foreign(textOf(job.error ?? job.output ?? "no reason was given"), {
      most: 2_000,
      secrets,
    });
    if (job.status === "TIMED_OUT") {
      return safe`${what} took longer than the endpoint's executionTimeout: ${said}. Set a longer executionTimeout on the endpoint, or send a smaller job as input.`;
    }
    const status = job.status === "FAILED" ? safe`failed` : safe`ended as ${named(job.status)}`;
    return this.workers.explained(
      safe`${what} ${status}: ${said}`,
      safe`Correct input if the handler rejects it, or the workers' image or settings, and run \`pulumi up\`.`,
    );
  }
}
