import type { Endpoint, EndpointWorkers, Job } from "../../../../provider/src/api";
import { NotReady, type Wait } from "../../../../provider/src/handlers/endpoint-ready/ready";
import { waitUntilAnswered } from "../../../../provider/src/handlers/endpoint-ready/wait";
import { endpoint } from "../../api/fixtures";
import { apiError, type FakeScene, fakeScene, logLines } from "../fake-context";

const MINUTE = 60_000;
const SEND = 'run ep1 {"prompt":"a"}';
const done: Job = {
  id: "job1",
  status: "COMPLETED",
  output: "yes",
  delayTime: 5,
  executionTime: 7,
  workerId: "w1",
};

/** A wait under way, and how it ended. */
interface Waiting extends FakeScene {
  outcome: unknown;
  /** Lets time pass until a number of milliseconds after the beginning. */
  until(ms: number): Promise<void>;
  count(call: string): number;
}

function wait(arrange: (scene: FakeScene) => void = () => {}, more: Partial<Wait> = {}): Waiting {
  const scene = fakeScene();
  scene.runpod.endpoints = [endpoint];
  arrange(scene);
  const waiting: Waiting = {
    ...scene,
    outcome: undefined,
    until: (ms) => scene.clock.advance(ms - scene.clock.monotonic()),
    count: (call) => scene.runpod.calls.filter((one) => one === call).length,
  };
  waitUntilAnswered(scene.context, {
    row: { urn: "urn:llm", label: "endpoint 'llm'" },
    endpointId: "ep1",
    ...(more.path === undefined && { input: { prompt: "a" } }),
    expected: { status: 200 },
    interval: 5_000,
    timeout: 45 * MINUTE,
    ...more,
  }).then(
    (answered) => {
      waiting.outcome = answered;
    },
    (error) => {
      waiting.outcome = error;
    },
  );
  return waiting;
}

type Worker = NonNullable<EndpointWorkers["workers"]>[number];
type Status = "RUNNING" | "IDLE" | "INITIALIZING" | "THROTTLED" | "UNHEALTHY";

function workers(...statuses: Status[]): EndpointWorkers {
  const all = statuses.map((status, index) => ({ id: `w${index + 1}`, status, isStale: false }));
  return { workers: all as unknown as Worker[] };
}

function failureOf({ outcome }: Waiting): string {
  expect(outcome).toBeInstanceOf(NotReady);
  return (outcome as NotReady).message;
}

describe("a job", () => {
  test("is sent once, and asked for until it is answered", async () => {
    const waiting = wait(({ runpod, clock }) => {
      runpod.job = () =>
        clock.monotonic() < MINUTE ? { id: "job1", status: "IN_PROGRESS" } : done;
    });
    await waiting.until(2 * MINUTE);
    expect(waiting.outcome).toEqual({ output: "yes", delayTime: 5, executionTime: 7 });
    expect(waiting.count(SEND)).toBe(1);
    expect(waiting.count("cancel ep1 job1")).toBe(0);
    expect(waiting.shown.at(0)).toMatch(
      /^! urn:llm: waiting up to 45m for endpoint ep1 to answer a job; press Ctrl-C once/,
    );
    expect(waiting.shown.at(-1)).toBe("! urn:llm: answered after 1m3s");
  });

  test("shows what it waits for", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.workers = workers("INITIALIZING", "THROTTLED");
      runpod.logs = logLines("system", "pending image pull example.com/worker:1");
    });
    await waiting.until(MINUTE);
    expect(waiting.shown).toContain(
      "urn:llm: Ctrl-C twice to stop now; the endpoint stays in the state",
    );
    expect(waiting.shown.join("\n")).toMatch(
      /urn:llm: 15s job job1 is queued; workers: 1 starting, 1 throttled, pulling/,
    );
  });

  test("whose answer is lost is sent again, twice at most, which is reported", async () => {
    const lost = apiError("ambiguous");
    const waiting = wait(({ runpod }) => {
      runpod.job = () => done;
      runpod.failures[SEND] = [lost, lost];
    });
    await waiting.until(MINUTE);
    expect(waiting.outcome).toMatchObject({ output: "yes" });
    expect(waiting.shown.filter((line) => line.includes("was lost"))).toHaveLength(2);

    const hopeless = wait(({ runpod }) => {
      runpod.failures[SEND] = Array.from({ length: 9 }, () => lost);
    });
    await hopeless.until(5 * MINUTE);
    expect(hopeless.outcome).toBe(lost);
    expect(hopeless.count(SEND)).toBe(3);
  });

  test("survives lost answers to its status", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.job = () => done;
      runpod.failures["status ep1 job1"] = [apiError("ambiguous"), apiError("server")];
    });
    await waiting.until(MINUTE);
    expect(waiting.outcome).toMatchObject({ output: "yes" });
    expect(waiting.count(SEND)).toBe(1);
  });

  test("is sent again while the API of jobs does not know a new endpoint", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.job = () => done;
      runpod.failures[SEND] = [apiError("notFound"), apiError("notFound")];
    });
    await waiting.until(MINUTE);
    expect(waiting.outcome).toMatchObject({ output: "yes" });
  });

  test("that a worker of the former release answered does not count", async () => {
    const waiting = wait(({ runpod, clock }) => {
      runpod.job = () => done;
      Object.defineProperty(runpod, "workers", {
        get: () => ({
          workers: [{ id: "w1", status: "IDLE", isStale: clock.monotonic() < 20_000 }],
        }),
      });
    });
    await waiting.until(MINUTE);
    expect(waiting.outcome).toMatchObject({ output: "yes" });
    expect(waiting.count(SEND)).toBe(3);
    expect(waiting.shown.join("\n")).toContain("answered by a worker of the former release");
  });

  test.each<[string, Partial<Job>, RegExp]>([
    ["failed", { status: "FAILED", error: "boom b" }, /^Job job1 of endpoint ep1 failed: boom/],
    [
      "timed out",
      { status: "TIMED_OUT", error: "x" },
      /took longer than the endpoint's executionTimeout/,
    ],
    [
      "was canceled",
      { status: "CANCELLED" },
      /^Job job1 of endpoint ep1 was canceled by someone else\./,
    ],
    ["ended otherwise", { status: "ODD", error: { code: 7 } }, /ended as ODD: \{"code":7\}/],
  ])("that %s ends the wait", async (_, job, message) => {
    const waiting = wait(({ runpod }) => {
      runpod.job = () => ({ id: "job1", status: "FAILED", ...job });
    });
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toMatch(message);
  });

  test("with another output ends the wait, and shows it without the endpoint's secrets", async () => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.endpoints = [{ ...endpoint, env: { TOKEN: "hush-hush" } }];
        runpod.job = () => ({ ...done, output: { text: "no, hush-hush" } });
      },
      { expected: { status: 200, output: "/y(e)s/" } },
    );
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toBe(
      'Endpoint ep1 answered job job1, but the answer does not contain /y(e)s/. It is: {"text":"no, [secret]"}',
    );
  });

  test("that no longer exists ends the wait", async () => {
    const gone = apiError("notFound");
    const waiting = wait(({ runpod }) => {
      runpod.failures["status ep1 job1"] = [gone, gone, gone, gone];
    });
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toMatch(/^Job job1 of endpoint ep1 no longer exists:/);
    expect(waiting.count("cancel ep1 job1")).toBe(0);
  });

  test("is canceled when the time is over", async () => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.workers = workers("INITIALIZING");
      },
      { timeout: 2 * MINUTE },
    );
    await waiting.until(3 * MINUTE);
    expect(failureOf(waiting)).toBe(
      "Endpoint ep1 did not answer within 2m: job job1 is queued; workers: 1 starting.\nNo log output yet.\nRun `pulumi up` to wait again, or set `timeout` for a longer wait.",
    );
    expect(waiting.count("cancel ep1 job1")).toBe(1);
  });
});

describe("an endpoint that nobody serves ends the wait early", () => {
  test("if it may have no workers, before a job is sent", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.endpoints = [{ ...endpoint, workers: { min: 0, max: 0 } }];
    });
    await waiting.until(0);
    expect(failureOf(waiting)).toContain("has workersMax 0");
    expect(waiting.count(SEND)).toBe(0);
  });

  test.each<[string, EndpointWorkers, RegExp, number]>([
    ["throttled", workers("THROTTLED", "THROTTLED"), /^All workers .* throttled for 5m/, 7],
    [
      "counted as throttled",
      { summary: { throttled: 2 } } as EndpointWorkers,
      /throttled for 5m/,
      7,
    ],
    ["absent", { workers: [] }, /^RunPod has started no worker for endpoint ep1 in 5m/, 7],
    ["unhealthy", workers("UNHEALTHY", "THROTTLED"), /^All workers .* unhealthy for 2m/, 4],
  ])("if all are %s", async (_, found, message, minutes) => {
    const waiting = wait(({ runpod }) => {
      runpod.workers = found;
    });
    await waiting.until(MINUTE);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(minutes * MINUTE);
    expect(failureOf(waiting)).toMatch(message);
    expect(waiting.count("cancel ep1 job1")).toBe(1);
  });

  test("but not while one has the job, although the list is empty", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.job = () => ({ id: "job1", status: "IN_PROGRESS" });
    });
    await waiting.until(30 * MINUTE);
    expect(waiting.outcome).toBeUndefined();
  });

  test("but not if one of them starts", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.workers = workers("INITIALIZING", "THROTTLED", "UNHEALTHY");
    });
    await waiting.until(30 * MINUTE);
    expect(waiting.outcome).toBeUndefined();
  });

  test("if the workers' logs show the same cause twice", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.workers = workers("INITIALIZING");
      runpod.logs = logLines(
        "system",
        "error pulling image: Error response from daemon: manifest for a:b not found: manifest unknown: manifest unknown",
      );
    });
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toMatch(
      /^The workers of endpoint ep1 are failing\.\nDiagnosis: image-tag-not-found/,
    );
  });

  test("if it is gone for longer than lists lag", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.endpoints = [];
    });
    await waiting.until(50_000);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(80_000);
    expect(failureOf(waiting)).toMatch(/^Endpoint ep1 was not found for 1m/);
    expect((waiting.outcome as NotReady).endpoint).toBeUndefined();
  });
});

test("an outage of the list or the workers does not end the wait", async () => {
  const waiting = wait(({ runpod, clock }) => {
    runpod.failures["list endpoints"] = [apiError("server"), apiError("server")];
    runpod.failures["workers ep1"] = [apiError("server")];
    runpod.job = () => (clock.monotonic() < 30_000 ? { id: "job1", status: "IN_QUEUE" } : done);
  });
  await waiting.until(2 * MINUTE);
  expect(waiting.outcome).toMatchObject({ output: "yes" });
});

test("twenty waits share their lists, and stay under the rate limit", async () => {
  const scene = fakeScene();
  const ids = Array.from({ length: 20 }, (_, index) => `ep${index}`);
  scene.runpod.endpoints = ids.map((id): Endpoint => ({ ...endpoint, id }));
  scene.runpod.workers = workers("INITIALIZING");
  for (const endpointId of ids) {
    void waitUntilAnswered(scene.context, {
      row: { urn: undefined, label: endpointId },
      endpointId,
      input: {},
      expected: { status: 200 },
      interval: 5_000,
      timeout: 45 * MINUTE,
    });
  }
  await scene.clock.advance(10 * MINUTE);
  const count = (start: string) => scene.runpod.calls.filter((it) => it.startsWith(start)).length;
  expect(count("list endpoints")).toBeLessThanOrEqual(61);
  expect(count("workers ") / ids.length).toBeLessThanOrEqual(15);
});

describe("a load balancer", () => {
  const page = { status: 200, body: '{"ok":true}', json: { ok: true }, workerId: "w1" };

  test("is asked with the API key at its own URL until a worker answers", async () => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.endpoints = [{ ...endpoint, type: "LOAD_BALANCER" }];
        runpod.answer = (at) => (at < MINUTE ? { status: 503 } : page);
      },
      { path: "/ping", expected: { status: 200, output: "ok" } },
    );
    await waiting.until(2 * MINUTE);
    expect(waiting.outcome).toEqual({ output: { ok: true }, delayTime: null, executionTime: null });
    expect(waiting.runpod.probed.at(0)).toEqual({
      url: "https://ep1.api.runpod.ai/ping",
      bearer: "rpa_test",
    });
  });

  test.each<[number, RegExp]>([
    [401, /rejects the API key/],
    [404, /status 404 instead of 200\. Check that the workers' server has the path \/ping/],
    [302, /Set expectStatus to 302 if that is right/],
  ])("that keeps answering %d ends the wait", async (status, message) => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.endpoints = [{ ...endpoint, type: "LOAD_BALANCER" }];
        runpod.answer = () => ({ status });
      },
      { path: "/ping" },
    );
    await waiting.until(10_000);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toMatch(message);
  });
});
