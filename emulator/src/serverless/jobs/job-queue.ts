import { instructionsOf } from "../../containers/handlers/instructions";
import type { Endpoint, Requests, Worker } from "../../state/endpoint";
import type { SavedJob } from "../../state/saved-account";
import { beginRequest, endRequest } from "../occupancy";
import { askHandler, concurrencyOf } from "./handler-call";
import { type Attempt, forgottenAt, type Job, type JobRequest, stateOf } from "./job";
import { JobBook } from "./job-book";

/** How a queue is set up. */
export interface QueueOptions {
  /** The id of the endpoint's nth job, as `/run` gives it. */
  jobId(number: number): string;
  /** How long a handler takes if no test says otherwise (milliseconds). */
  usualMs: number;
  /** Takes each job that has ended and has a webhook. */
  notify(job: Job): void;
}

/** A queue as a state file keeps it. */
export interface SavedQueue {
  jobs: Job[];
  submitted: number;
  ended: { completed: number; failed: number; retried: number };
}

/** Counts since the endpoint was created. */
export interface JobCounts {
  completed: number;
  failed: number;
  inProgress: number;
  inQueue: number;
  retried: number;
}

/** The jobs of a queue-based endpoint, in the order in which they came. */
export class JobQueue implements Requests {
  private readonly book = new JobBook();
  private queued: Job[] = [];
  /** The worker of each job in progress. */
  private readonly running = new Map<Job, Worker>();
  /** Nothing that waits or runs expires earlier. */
  private nextExpiry = Number.POSITIVE_INFINITY;
  private readonly answering = new Map<Attempt, Promise<void>>();
  private readonly ended = { completed: 0, failed: 0, retried: 0 };
  private submitted = 0;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: QueueOptions,
  ) {}

  add(request: JobRequest, at: number): Job {
    this.submitted += 1;
    const id = (request.isSync ? "sync-" : "") + this.options.jobId(this.submitted);
    const fresh = { attempt: null, end: null, retries: 0, streamed: 0 };
    const job: Job = { id, request, queuedAt: at, ...fresh };
    this.book.add(job, at);
    this.enqueue(job);
    return job;
  }

  /** Undefined for a job that never was, or that RunPod has forgotten. */
  find(id: string, now: number): Job | undefined {
    return this.book.find(id, now);
  }

  /** Whether a job that has not ended is no longer there: it was purged, or has expired. */
  isGone(job: Job): boolean {
    return !this.book.has(job);
  }

  /** The job exists for `ttl` more milliseconds. */
  limit(job: Job, ttl: number, at: number): void {
    job.request.ttl = at - job.queuedAt + ttl;
    this.watchExpiry(job);
  }

  /** Does nothing to a job that has ended. */
  cancel(job: Job, at: number): void {
    if (job.end === null) {
      this.stop(job, at);
      job.end = { at, state: "CANCELLED" };
      this.hasEnded(job);
    }
  }

  /** The job waits again, as if it had just come. */
  retry(job: Job, at: number): void {
    Object.assign(job, { queuedAt: at, attempt: null, end: null, retries: 0, streamed: 0 });
    this.ended.retried += 1;
    this.enqueue(job);
  }

  /** Removes what waits, and returns how much that was. */
  purge(): number {
    const purged = this.queued;
    this.queued = [];
    for (const job of purged) {
      this.book.remove(job);
    }
    return purged.length;
  }

  /** Jobs as `/requests` lists them, newest first. */
  list(now: number): Job[] {
    return this.book
      .all()
      .filter((job) => forgottenAt(job) > now)
      .reverse();
  }

  counts(): JobCounts {
    const { completed, failed, retried } = this.ended;
    return {
      completed,
      failed,
      inProgress: this.running.size,
      inQueue: this.queued.length,
      retried,
    };
  }

  /** Whether the result of a job that has not ended goes to a webhook. */
  owesWebhooks(): boolean {
    const live = [...this.queued, ...this.running.keys()];
    return live.some(({ request }) => request.webhook !== null);
  }

  /** Fulfilled once every answer that handlers were asked for is known. */
  async settled(): Promise<void> {
    await Promise.all(this.answering.values());
  }

  waiting(): readonly number[] {
    return this.queued
      .filter(({ request }) => !request.lowPriority)
      .map(({ queuedAt }) => queuedAt);
  }

  inProgress(): number {
    return this.running.size;
  }

  nextEventAt(): number {
    let next = this.nextExpiry;
    for (const job of this.running.keys()) {
      next = Math.min(next, this.stopsAt(job));
    }
    return next;
  }

  advanceTo(at: number): void {
    for (const job of [...this.running.keys()]) {
      if (this.stopsAt(job) <= at) {
        this.finish(job, this.stopsAt(job));
      }
    }
    if (this.nextExpiry <= at) {
      this.expire(at);
    }
  }

  workerReady(worker: Worker, at: number): void {
    const room = concurrencyOf(worker);
    while (worker.busy < room) {
      const job = this.next();
      if (job === undefined) {
        return;
      }
      this.start(job, worker, at);
    }
  }

  /** RunPod gives a job to another worker once: https://docs.runpod.io/serverless/endpoints/job-states */
  workerGone(worker: Worker, at: number): void {
    for (const [job, its] of [...this.running]) {
      if (its !== worker) {
        continue;
      }
      this.running.delete(job);
      if (job.retries < MOST_RETRIES) {
        job.retries += 1;
        job.attempt = null;
        this.ended.retried += 1;
        this.queued.unshift(job);
        this.watchExpiry(job);
      } else {
        job.end = { at, state: "FAILED", error: `job timed out after ${job.retries} retries` };
        this.hasEnded(job);
      }
    }
  }

  close(at: number): void {
    for (const job of [...this.queued, ...this.running.keys()]) {
      this.cancel(job, at);
    }
  }

  /** What a state file keeps in addition to the jobs. */
  save(): Omit<SavedQueue, "jobs"> {
    const { submitted, ended } = this;
    return { submitted, ended };
  }

  /** A job whose result is not known yet is saved as one that waits, and is done again. */
  savedJobs(): SavedJob[] {
    return this.book.all().map((job) => {
      const { id, request, queuedAt, retries, end } = job;
      const isKnown = end !== null && (end.state !== "ANSWERED" || Boolean(job.attempt?.answer));
      const ofEnd = isKnown && [end.at, end.state, job.streamed];
      return {
        id,
        mark: [request.ttl, queuedAt, retries, ofEnd].join(),
        save: () => (isKnown ? job : { ...job, attempt: null, end: null, streamed: 0 }),
      };
    });
  }

  restore({ jobs, submitted, ended }: SavedQueue): void {
    this.submitted = submitted;
    Object.assign(this.ended, ended);
    for (const job of jobs) {
      this.book.add(job, 0);
      if (job.end === null) {
        this.enqueue(job);
      }
    }
  }

  private enqueue(job: Job): void {
    this.queued.push(job);
    this.watchExpiry(job);
  }

  private next(): Job | undefined {
    const urgent = this.queued.findIndex(({ request }) => !request.lowPriority);
    return this.queued.splice(Math.max(0, urgent), 1)[0];
  }

  private start(job: Job, worker: Worker, at: number): void {
    const { seconds } = instructionsOf(job.request.input, worker.settings.env);
    const doneAt = at + (seconds === undefined ? this.options.usualMs : seconds * 1000);
    const attempt: Attempt = { workerId: worker.id, startedAt: at, doneAt, answer: null };
    job.attempt = attempt;
    this.running.set(job, worker);
    beginRequest(worker);
    this.answering.set(attempt, this.answer(job, attempt, worker));
  }

  /** Asks the handler. Its answer counts once the attempt is over. */
  private async answer(job: Job, attempt: Attempt, worker: Worker): Promise<void> {
    attempt.answer = await askHandler(worker, job.id, job.request.input);
    this.answering.delete(attempt);
    if (job.attempt === attempt && job.end?.state === "ANSWERED") {
      this.hasEnded(job);
    }
  }

  private stopsAt(job: Job): number {
    const { attempt, request } = job;
    const limit = request.executionTimeout ?? (this.endpoint.timeout || DEFAULT_TIMEOUT_MS);
    return attempt === null
      ? forgottenAt(job)
      : Math.min(attempt.doneAt, attempt.startedAt + limit, forgottenAt(job));
  }

  private finish(job: Job, at: number): void {
    this.stop(job, at);
    if (forgottenAt(job) <= at) {
      this.book.remove(job);
      return;
    }
    const isDone = job.attempt !== null && job.attempt.doneAt <= at;
    job.end = isDone
      ? { at, state: "ANSWERED" }
      : { at, state: "FAILED", error: "executionTimeout exceeded" };
    if (!isDone || job.attempt?.answer) {
      this.hasEnded(job);
    }
  }

  /** The job no longer waits, and no worker has it. */
  private stop(job: Job, at: number): void {
    const worker = this.running.get(job);
    if (worker === undefined) {
      this.queued = this.queued.filter((other) => other !== job);
    } else {
      this.running.delete(job);
      endRequest(this.endpoint, worker, at);
    }
  }

  /** Called once the end of a job and its answer are both known. */
  private hasEnded(job: Job): void {
    const state = stateOf(job);
    if (state === "COMPLETED") {
      this.ended.completed += 1;
    } else if (state !== "CANCELLED") {
      this.ended.failed += 1;
    }
    if (job.request.webhook !== null) {
      this.options.notify(job);
    }
  }

  private watchExpiry(job: Job): void {
    this.nextExpiry = Math.min(this.nextExpiry, forgottenAt(job));
  }

  private expire(at: number): void {
    this.nextExpiry = Number.POSITIVE_INFINITY;
    for (const job of [...this.queued, ...this.running.keys()]) {
      if (forgottenAt(job) <= at) {
        this.stop(job, at);
        this.book.remove(job);
      } else {
        this.watchExpiry(job);
      }
    }
  }
}

const MOST_RETRIES = 1;
/** https://docs.runpod.io/serverless/endpoints/send-requests#execution-policies */
const DEFAULT_TIMEOUT_MS = 600_000;
