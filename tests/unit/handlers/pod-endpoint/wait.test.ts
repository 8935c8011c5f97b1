import type { ProbeResult } from "../../../../provider/src/api";
import { waitUntilServing } from "../../../../provider/src/handlers/pod-endpoint/wait";
import { pod } from "../../api/fixtures";
import { apiError, fakeScene, logLines } from "../fake-context";
import { failureOf, logReads, MINUTE, wait } from "./waiting";

const SERVING: ProbeResult = { status: 200, json: { data: [{ id: "qwen" }] } };
const NOT_YET: ProbeResult = { status: 502 };
const ROW = { urn: "urn:llm", label: "endpoint 'llm'" };

describe("a service serves", () => {
  test("once it has answered several times in a row", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.answer = (at) => (at >= 20_000 && at !== 30_000 ? SERVING : NOT_YET);
    });
    await waiting.until(44_999);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(45_000);
    expect(waiting.outcome).toEqual({ models: ["qwen"], pod });
  });

  test("also if RunPod's API fails meanwhile, but not before the pod is known", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.answer = () => SERVING;
      runpod.failures["list pods"] = [
        apiError("server"),
        apiError("rateLimited"),
        apiError("ambiguous"),
      ];
    });
    await waiting.until(14_999);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(15_000);
    expect(waiting.outcome).toEqual({ models: ["qwen"], pod });
  });

  test("and is probed with its key", async () => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.answer = () => SERVING;
      },
      { apiKey: "service-key", consecutive: 1 },
    );
    await waiting.until(0);
    expect(waiting.runpod.probed).toEqual([
      { url: "https://pod1-8000.proxy.runpod.net/v1/models", bearer: "service-key" },
    ]);
  });

  test("and is reported with its pod, whatever else the account has", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.pods = [{ ...pod, id: "other", status: "EXITED" }, pod];
      runpod.answer = () => SERVING;
    });
    await waiting.until(10_000);
    expect(waiting.outcome).toEqual({ models: ["qwen"], pod });
  });

  test("also in a pod that is only known to be started", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.pods = [{ ...pod, status: "STARTING", runtime: null }];
      runpod.answer = () => SERVING;
    });
    await waiting.until(10_000);
    expect(waiting.outcome).toMatchObject({ models: ["qwen"] });
  });
});

describe("a wrong answer is accepted as final", () => {
  const wrongModel: ProbeResult = { status: 200, json: { data: [{ id: "llama" }] } };

  test.each([
    ["a refused key", { status: 401, json: {} }, 5],
    ["another model", wrongModel, 5],
    ["a missing page", { status: 404 }, 24],
  ])("for %s if it was repeated often enough", async (_, answer, times) => {
    const waiting = wait(({ runpod }) => {
      runpod.answer = () => answer;
    });
    await waiting.until((times - 1) * 5_000 - 1);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until((times - 1) * 5_000);
    expect(failureOf(waiting)).toMatch(/^https:\/\/pod1-8000\.proxy\.runpod\.net: /);
    expect(waiting.runpod.probed).toHaveLength(times);
  });

  test.each([
    ["no answer", NOT_YET],
    ["a good one", SERVING],
  ])(
    "only without an interruption, such as %s: services change while they start",
    async (_, other) => {
      const waiting = wait(({ runpod }) => {
        runpod.answer = (at) => (at % 20_000 === 0 ? other : wrongModel);
      });
      await waiting.until(5 * MINUTE);
      expect(waiting.outcome).toBeUndefined();
    },
  );
});

describe("a service that takes its time", () => {
  test("costs few calls: logs are read less and less often, and the status comes from lists", async () => {
    const waiting = wait(() => {});
    await waiting.until(45 * MINUTE);
    failureOf(waiting);
    // After 15, 45, 105, 225 and 465 seconds, then every four minutes, and once for the end.
    expect(logReads(waiting)).toBe(15);
    const lists = waiting.runpod.calls.filter((call) => call === "list pods");
    expect(lists.length).toBeLessThanOrEqual(541);
    expect(waiting.runpod.calls).toHaveLength(lists.length + 15);
  });

  test("shows progress in its row, the time first, and keeps the first and the last line", async () => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.answer = (at) => (at >= 80_000 ? SERVING : NOT_YET);
        runpod.logs = logLines(
          "container",
          "Loading safetensors checkpoint shards:  58% Completed | 7/12 [00:30<00:20,  4.3s/it]",
        );
      },
      { interval: 10_000 },
    );
    await waiting.until(100_000);
    expect(waiting.outcome).toMatchObject({ models: ["qwen"] });
    const { shown } = waiting;
    expect(shown[0]).toBe(
      "! urn:llm: waiting up to 45m for https://pod1-8000.proxy.runpod.net/v1/models; press Ctrl-C once to stop after this wait, twice to stop now; the pod stays in the state either way",
    );
    expect(shown.slice(1, 3)).toEqual([
      "urn:llm: Ctrl-C twice to stop now; the pod stays in the state",
      "urn:llm: 15s pod RUNNING, 502",
    ]);
    expect(shown).toContain("urn:llm: 55s loading weights 7/12 files, 502");
    expect(shown[7]).toBe(shown[1]);
    expect(shown).toContain("urn:llm: 1m25s loading weights 7/12 files, serving 1/3");
    expect(shown.at(-1)).toBe("! urn:llm: serving qwen after 1m40s");
    expect(shown.filter((line) => line.startsWith("!"))).toHaveLength(2);
    expect(waiting.said).toEqual([]);
    await waiting.until(10 * MINUTE);
    expect(waiting.shown).toBe(shown);
    expect(waiting.clock.sleeping).toBe(0);
  });

  test("shows something every ten seconds, however long an answer takes", async () => {
    const waiting = wait(({ context, clock }) => {
      Object.assign(context, {
        probe: async () => {
          await clock.sleep(30_000);
          return {};
        },
      });
    });
    await waiting.until(MINUTE);
    expect(waiting.shown.slice(1, 4)).toEqual([
      expect.stringContaining("Ctrl-C"),
      "urn:llm: 15s pod RUNNING, no request yet",
      "urn:llm: 25s pod RUNNING, no request yet",
    ]);
    expect(waiting.shown).toContain("urn:llm: 45s pod RUNNING, no answer");
  });

  test("shows that RunPod does not list the pod", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.answer = () => SERVING;
      runpod.failures["list pods"] = Array(3).fill(apiError("server"));
    });
    await waiting.until(15_000);
    expect(waiting.shown[2]).toMatch(/^urn:llm: 15s pod status unknown, serving \d\/3$/);
  });

  test("has its time from the start of the wait, not of the process", async () => {
    const { context, clock, shown } = fakeScene();
    await clock.advance(60 * MINUTE);
    const outcome = waitUntilServing(context, {
      row: ROW,
      podId: pod.id,
      port: 8000,
      url: "https://pod1-8000.proxy.runpod.net",
      expected: { path: "/v1/models", status: 200 },
      consecutive: 1,
      interval: 5_000,
      timeout: MINUTE,
    }).catch((error: Error) => error.message);
    await clock.advance(MINUTE);
    expect(await outcome).toContain("did not serve within 1m");
    expect(shown.at(-1)).toMatch(/^urn:llm: 55s pod RUNNING, 502$/);
  });

  test("and that RunPod does not list is reported with its log", async () => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.failures["list pods"] = Array(99).fill(apiError("server"));
        runpod.logs = logLines("container", "loading weights");
      },
      { timeout: MINUTE },
    );
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toContain("\n  | loading weights\n");
  });

  test("and its whole time is reported with the last answer, its log, and the next step", async () => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.logs = [
          ...logLines("system", "316f8cbc3be8 Downloading [==>   ]  0.02GB/0.03GB"),
          ...logLines("system", "316f8cbc3be8 Extracting  [==>   ]  0.02GB/0.03GB"),
          ...logLines("container", "loading weights", "still loading"),
        ];
      },
      { timeout: MINUTE },
    );
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toBe(
      [
        "https://pod1-8000.proxy.runpod.net did not serve within 1m: 502 from the proxy: nothing listens on the port yet.",
        "No known cause found. Last log lines:",
        "  | loading weights",
        "  | still loading",
        "Run `pulumi up` to wait again, or set `timeout` for a longer wait.",
      ].join("\n"),
    );
    expect(waiting.clock.sleeping).toBe(0);
  });

  test("is probed a last time when the time is up, even if the interval is longer than the rest", async () => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.answer = (at) => (at >= 12_000 ? SERVING : NOT_YET);
      },
      { timeout: 12_000, consecutive: 1 },
    );
    await waiting.until(12_000);
    expect(waiting.outcome).toEqual({ models: ["qwen"], pod });
  });
});

test("all waits of a process share one list", async () => {
  const { context, clock, runpod } = fakeScene();
  runpod.answer = (at) => (at >= 30_000 ? SERVING : NOT_YET);
  const waits = Array.from({ length: 20 }, () =>
    waitUntilServing(context, {
      row: ROW,
      podId: pod.id,
      port: 8000,
      url: "https://pod1-8000.proxy.runpod.net",
      expected: { path: "/v1/models", status: 200 },
      consecutive: 1,
      interval: 5_000,
      timeout: MINUTE,
    }),
  );
  await clock.advance(30_000);
  await expect(Promise.all(waits)).resolves.toHaveLength(20);
  expect(runpod.calls.filter((call) => call === "list pods").length).toBeLessThanOrEqual(7);
});
