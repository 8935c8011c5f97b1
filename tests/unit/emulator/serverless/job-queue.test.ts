import type { JobAnswer } from "../../../../emulator/src/containers/handlers/job-answer";
import { type Job, type JobRequest, yielded } from "../../../../emulator/src/serverless/jobs/job";
import { JobQueue } from "../../../../emulator/src/serverless/jobs/job-queue";
import { jobView } from "../../../../emulator/src/serverless/jobs/job-view";
import type { Endpoint, Worker } from "../../../../emulator/src/state/endpoint";

const DAY = 86_400_000;
const REQUEST: JobRequest = {
  input: { prompt: "Hello" },
  isSync: false,
  webhook: null,
  executionTimeout: null,
  ttl: DAY,
  lowPriority: false,
};

/** A queue whose handlers take a second, or `input.emulator.seconds`. */
function scene({ timeout = 0 } = {}) {
  const notified: Job[] = [];
  const queue = new JobQueue({ timeout } as Endpoint, {
    jobId: (number) => `job-${number}`,
    usualMs: 1_000,
    notify: (job) => notified.push(job),
  });
  const worker = (id: string, answer: JobAnswer = { output: "done" }, env = {}) =>
    ({
      id,
      busy: 0,
      settings: { image: "acme/handler:1", env },
      container: { handle: async () => Response.json(answer) },
    }) as unknown as Worker;
  const add = (at: number, changes: Partial<JobRequest> = {}) =>
    queue.add({ ...REQUEST, ...changes }, at);
  const view = async (job: Job) => {
    await queue.settled();
    return jobView(job);
  };
  return { queue, worker, add, view, notified };
}

const takes = (seconds: number) => ({ input: { emulator: { seconds } } });

describe("JobQueue", () => {
  test("a worker takes the jobs one after the other, in their order", async () => {
    const { queue, worker, add, view } = scene();
    const [first, second] = [add(0), add(10)];
    const one = worker("w1");
    expect(queue.waiting()).toEqual([0, 10]);
    expect(await view(first)).toEqual({ id: "job-1", status: "IN_QUEUE" });
    queue.workerReady(one, 500);
    expect([queue.waiting(), queue.inProgress(), queue.nextEventAt()]).toEqual([[10], 1, 1_500]);
    expect(await view(first)).toEqual({
      id: "job-1",
      status: "IN_PROGRESS",
      delayTime: 500,
      workerId: "w1",
    });
    queue.advanceTo(1_500);
    queue.workerReady(one, 1_500);
    expect(await view(first)).toEqual({
      id: "job-1",
      status: "COMPLETED",
      delayTime: 500,
      executionTime: 1_000,
      output: "done",
      workerId: "w1",
    });
    expect(await view(second)).toMatchObject({ status: "IN_PROGRESS", delayTime: 1_490 });
    expect(queue.counts()).toEqual({
      completed: 1,
      failed: 0,
      inProgress: 1,
      inQueue: 0,
      retried: 0,
    });
  });

  test("a job of low priority waits for all others, and calls for no worker", async () => {
    const { queue, worker, add, view } = scene();
    const low = add(0, { lowPriority: true });
    const normal = add(5);
    expect([queue.waiting(), queue.counts().inQueue]).toEqual([[5], 2]);
    queue.workerReady(worker("w1"), 10);
    expect((await view(normal)).status).toBe("IN_PROGRESS");
    expect((await view(low)).status).toBe("IN_QUEUE");
  });

  test("a handler's error fails the job", async () => {
    const { queue, worker, add, view } = scene();
    const [failed, late] = [add(0), add(0)];
    queue.workerReady(worker("w1", { error: "no space" }), 0);
    queue.workerReady(worker("w2", { error: "late", state: "TIMED_OUT" }), 0);
    queue.advanceTo(1_000);
    expect(await view(failed)).toMatchObject({ status: "FAILED", error: "no space" });
    expect(await view(late)).toMatchObject({ status: "TIMED_OUT", error: "late" });
    expect(queue.counts().failed).toBe(2);
  });

  test.each([
    ["its policy", {}, { executionTimeout: 5_000 }, 5_000],
    ["the endpoint", { timeout: 30_000 }, {}, 30_000],
    [
      "its policy rather than the endpoint",
      { timeout: 30_000 },
      { executionTimeout: 60_000 },
      60_000,
    ],
    ["RunPod", {}, {}, 600_000],
  ])("a job ends when it takes longer than %s allows", async (_, endpoint, request, ms) => {
    const { queue, worker, add, view } = scene(endpoint);
    const job = add(0, { ...takes(3_600), ...request });
    const one = worker("w1");
    queue.workerReady(one, 0);
    expect(queue.nextEventAt()).toBe(ms);
    queue.advanceTo(ms);
    expect(await view(job)).toMatchObject({
      status: "FAILED",
      error: "executionTimeout exceeded",
      executionTime: ms,
    });
    expect(one.busy).toBe(0);
  });

  test("a job is gone at the end of its ttl, while it waits and while it runs", () => {
    const { queue, worker, add } = scene();
    const running = add(0, { ...takes(60), ttl: 10_000 });
    const one = worker("w1");
    queue.workerReady(one, 0);
    const waits = add(0, { ttl: 12_000 });
    expect(queue.nextEventAt()).toBe(10_000);
    queue.advanceTo(10_000);
    expect([queue.find(running.id, 10_000), one.busy]).toEqual([undefined, 0]);
    queue.advanceTo(12_000);
    expect([queue.find(waits.id, 12_000), queue.counts().inQueue]).toEqual([undefined, 0]);
  });

  test("a result is kept for 30 minutes, that of a synchronous job for one", () => {
    const { queue, worker, add } = scene();
    const [kept, short] = [add(0), add(0, { isSync: true })];
    queue.workerReady(worker("w1"), 0);
    queue.workerReady(worker("w2"), 0);
    queue.advanceTo(1_000);
    expect(short.id).toBe("sync-job-2");
    expect([60_999, 61_000].map((at) => queue.find(short.id, at)?.id)).toEqual([
      short.id,
      undefined,
    ]);
    const half = 1_000 + 30 * 60_000;
    expect([half - 1, half].map((at) => queue.find(kept.id, at)?.id)).toEqual([kept.id, undefined]);
  });

  test("canceling frees the worker, and does nothing to a job that has ended", async () => {
    const { queue, worker, add, view } = scene();
    const [running, waits] = [add(0), add(0)];
    const one = worker("w1");
    queue.workerReady(one, 0);
    queue.cancel(running, 400);
    queue.cancel(waits, 400);
    expect([one.busy, queue.inProgress(), queue.waiting()]).toEqual([0, 0, []]);
    expect(await view(running)).toMatchObject({ status: "CANCELLED", executionTime: 400 });
    queue.cancel(running, 500);
    expect(running.end?.at).toBe(400);
    expect(queue.counts()).toMatchObject({ completed: 0, failed: 0 });
  });

  test("a job is retried with the same id and input, and without its former output", async () => {
    const { queue, worker, add, view } = scene();
    const job = add(0);
    queue.workerReady(worker("w1", { error: "no" }), 0);
    queue.advanceTo(1_000);
    await queue.settled();
    queue.retry(job, 2_000);
    expect(await view(job)).toEqual({ id: "job-1", status: "IN_QUEUE" });
    queue.workerReady(worker("w2"), 2_500);
    queue.advanceTo(3_500);
    expect(await view(job)).toMatchObject({ status: "COMPLETED", delayTime: 500, workerId: "w2" });
  });

  test("purging removes what waits and leaves what runs", () => {
    const { queue, worker, add } = scene();
    const running = add(0);
    queue.workerReady(worker("w1"), 0);
    const waits = add(0);
    expect([queue.purge(), queue.purge()]).toEqual([1, 0]);
    expect(queue.find(running.id, 0)).toBe(running);
    expect(queue.find(waits.id, 0)).toBeUndefined();
  });

  test("the job of a lost worker goes to another once, and fails when that is lost too", async () => {
    const { queue, worker, add, view } = scene();
    const job = add(0, takes(60));
    const [one, two] = [worker("w1"), worker("w2")];
    queue.workerReady(one, 0);
    queue.workerGone(one, 1_000);
    expect(queue.waiting()).toEqual([0]);
    queue.workerReady(two, 2_000);
    expect(await view(job)).toMatchObject({ status: "IN_PROGRESS", retries: 1, delayTime: 2_000 });
    queue.workerGone(two, 3_000);
    expect(await view(job)).toMatchObject({
      status: "FAILED",
      error: "job timed out after 1 retries",
      retries: 1,
    });
    expect(queue.counts()).toMatchObject({ failed: 1, retried: 1, inProgress: 0 });
  });

  test("a generator's chunks come evenly over its time", async () => {
    const { queue, worker, add, view } = scene();
    const job = add(0, takes(4));
    queue.workerReady(worker("w1", { chunks: ["a", "b", "c", "d"] }), 0);
    await queue.settled();
    const counts = [0, 999, 1_000, 3_500].map((at) => yielded(job, at).length);
    expect(counts).toEqual([0, 0, 1, 3]);
    queue.advanceTo(4_000);
    expect((await view(job)).output).toEqual(["a", "b", "c", "d"]);
  });

  test("each job with a webhook is reported once, when its result is known", async () => {
    const { queue, worker, add, notified } = scene();
    const webhook = "http://127.0.0.1/hook";
    const [one, two] = [add(0, { webhook }), add(0, { webhook })];
    queue.workerReady(worker("w1"), 0);
    queue.cancel(two, 100);
    queue.advanceTo(1_000);
    await queue.settled();
    expect(notified).toEqual([two, one]);
  });

  test("a deleted endpoint cancels all", async () => {
    const { queue, worker, add, view } = scene();
    const jobs = [add(0), add(0)];
    queue.workerReady(worker("w1"), 0);
    queue.close(100);
    for (const job of jobs) {
      expect((await view(job)).status).toBe("CANCELLED");
    }
  });

  test("forgets in time", () => {
    const { queue, worker, add } = scene();
    for (let index = 0; index < 1_100; index++) {
      const at = index * 60_000;
      add(at);
      queue.workerReady(worker("w1"), at);
      queue.advanceTo(at + 1_000);
    }
    expect(queue.list(0).length).toBeLessThan(1_002);
  });
});
