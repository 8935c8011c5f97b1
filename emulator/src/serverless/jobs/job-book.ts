import { forgottenAt, type Job } from "./job";

/** The jobs of a queue by their ids, for as long as RunPod knows them. */
export class JobBook {
  private readonly jobs = new Map<string, Job>();
  private sweepAbove = SWEEP_STEP;

  add(job: Job, now: number): void {
    this.sweep(now);
    this.jobs.set(job.id, job);
  }

  remove({ id }: Job): void {
    this.jobs.delete(id);
  }

  has({ id }: Job): boolean {
    return this.jobs.has(id);
  }

  /** Undefined for a job that never was, or that RunPod has forgotten. */
  find(id: string, now: number): Job | undefined {
    const job = this.jobs.get(id);
    return job && forgottenAt(job) > now ? job : undefined;
  }

  /** Oldest first. */
  all(): Job[] {
    return [...this.jobs.values()];
  }

  /** Forgets jobs in batches, so that a busy queue does not check all of them for each new one. */
  private sweep(now: number): void {
    if (this.jobs.size <= this.sweepAbove) {
      return;
    }
    for (const job of this.jobs.values()) {
      if (job.end !== null && forgottenAt(job) <= now) {
        this.remove(job);
      }
    }
    this.sweepAbove = this.jobs.size + SWEEP_STEP;
  }
}

const SWEEP_STEP = 1_000;
