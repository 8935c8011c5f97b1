import type { LogLine } from "../../../provider/src/api";
import type { NotServing } from "../../../provider/src/handlers/wait";
import { apiError, logLines } from "./fake-context";
import { failureOf, logReads, MINUTE, podFrom, wait } from "./waiting";

const START = "start container for vllm/vllm-openai:v0.16.0: begin";
const CUDA_803 =
  "RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 803: system has unsupported display driver / cuda driver combination";

describe("a pod that will not serve ends the wait", () => {
  test("if it has ended, by the second list that says so", async () => {
    const waiting = wait(
      (scene) => {
        podFrom(scene, [[12_000, { status: "EXITED", cost: 0 }]]);
      },
      { interval: 1_000 },
    );
    await waiting.until(17_999);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(18_000);
    expect(failureOf(waiting)).toBe(
      "Pod pod1 is EXITED, so nothing can serve. `pulumi up --refresh` starts it, if the program wants it to run.\nIts logs hold nothing yet.",
    );
    expect((waiting.outcome as NotServing).pod).toMatchObject({ status: "EXITED" });
  });

  test("but not by one stale list just after a start", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [
        [0, { status: "EXITED" }],
        [6_000, { status: "STARTING" }],
      ]);
    });
    await waiting.until(2 * MINUTE);
    expect(waiting.outcome).toBeUndefined();
  });

  test("if it is in error, with what its logs tell", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [[0, { status: "ERROR" }]]);
      scene.runpod.logs = logLines(
        "system",
        "error pulling image: Error response from daemon: manifest for a:b not found: manifest unknown: manifest unknown",
      );
    });
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toMatch(
      /^Pod pod1 is ERROR, so nothing can serve\.\nDiagnosis: image-/,
    );
  });

  test("if it was terminated", async () => {
    const waiting = wait((scene) => podFrom(scene, [[10_000, { status: "TERMINATED" }]]));
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toBe("Pod pod1 was terminated while its service was awaited.");
    expect((waiting.outcome as NotServing).pod).toBeUndefined();
  });

  test("if it is not there at all", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.pods = [];
    });
    await waiting.until(0);
    expect(failureOf(waiting)).toBe(
      "Pod pod1 does not exist: it was deleted, or it belongs to another account.",
    );
  });

  test.each(["unauthorized", "forbidden"] as const)(
    "if RunPod calls the key %s, in RunPod's own words",
    async (kind) => {
      const refusal = apiError(kind);
      const waiting = wait(({ runpod }) => {
        runpod.failures["list pods"] = [refusal];
      });
      await waiting.until(0);
      expect(waiting.outcome).toBe(refusal);
    },
  );
});

describe("a container that crashes", () => {
  test("is known from its log as soon as it is seen to have started anew", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [
        [0, { runtime: { uptime: 3 } }],
        [5_001, { runtime: { uptime: 1 } }],
      ]);
      scene.runpod.logs = logLines("container", CUDA_803);
    });
    await waiting.until(14_000);
    expect(failureOf(waiting)).toContain(
      "The container in pod pod1 fails.\nDiagnosis: cuda-803-driver-library-conflict (certain).",
    );
    expect(failureOf(waiting)).toContain(`  | ${CUDA_803}`);
    expect(logReads(waiting)).toBe(1);
  });

  test("is known at the first look by its many starts", async () => {
    const waiting = wait((scene) => {
      scene.runpod.logs = logLines("system", START, CUDA_803, START, START);
    });
    await waiting.until(14_999);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(15_000);
    expect(failureOf(waiting)).toContain("cuda-803-driver-library-conflict");
  });

  test("is known at the second look by the same cause, if nothing tells how often it started", async () => {
    const waiting = wait((scene) => {
      scene.runpod.logs = logLines("container", CUDA_803);
    });
    await waiting.until(44_999);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(45_000);
    expect(failureOf(waiting)).toContain("cuda-803-driver-library-conflict");
    expect(failureOf(waiting)).toContain("LD_LIBRARY_PATH");
  });

  test.each<[string, readonly LogLine[]]>([
    ["the container prints itself", logLines("container", START, START, START)],
    ["tell of other things", logLines("system", "pulling image", "pulled image", "pulled image")],
  ])("is not known by lines that %s", async (_, lines) => {
    const waiting = wait((scene) => {
      scene.runpod.logs = [...lines, ...logLines("container", CUDA_803)];
    });
    await waiting.until(44_999);
    expect(waiting.outcome).toBeUndefined();
  });

  test("is known also by what it said two hundred lines before its last", async () => {
    const waiting = wait((scene) => {
      const trace = Array.from({ length: 199 }, (_, depth) => `  File "engine.py", line ${depth}`);
      scene.runpod.logs = logLines("container", CUDA_803, ...trace);
    });
    await waiting.until(45_000);
    expect(failureOf(waiting)).toContain("cuda-803-driver-library-conflict");
  });

  test("is not known by a line that only may mean that, however often it is seen", async () => {
    const waiting = wait((scene) => {
      scene.runpod.logs = logLines("container", "EngineDeadError");
    });
    await waiting.until(10 * MINUTE);
    expect(waiting.outcome).toBeUndefined();
  });

  test("for no known reason is not given up before its seventh start", async () => {
    const waiting = wait((scene) => {
      scene.runpod.logs = logLines("system", ...Array(6).fill(START));
    });
    await waiting.until(10 * MINUTE);
    expect(waiting.outcome).toBeUndefined();
  });

  test("for no known reason is shown with its last lines", async () => {
    const waiting = wait((scene) => {
      scene.runpod.logs = [
        ...logLines("system", ...Array(7).fill(START)),
        ...logLines("container", "boom"),
      ];
    });
    await waiting.until(15_000);
    const told = failureOf(waiting).split("\n");
    expect(told).toEqual([
      "The container in pod pod1 starts over and over.",
      "The last log lines tell no known cause:",
      ...Array(7).fill(`  | ${START}`),
      "  | boom",
    ]);
  });

  test("is shown with no more lines than fit under one another", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [[0, { status: "ERROR" }]]);
      scene.runpod.logs = logLines("container", ..."abcdefghij");
    });
    await waiting.until(MINUTE);
    expect(failureOf(waiting).split("\n").slice(2)).toEqual([..."cdefghij"].map((c) => `  | ${c}`));
  });

  test("is not blamed for what the image before it logged", async () => {
    const waiting = wait((scene) => {
      const [first, second, third, created] = logLines(
        "system",
        START,
        CUDA_803,
        START,
        "create container vllm/vllm-openai:v0.20.0",
      );
      scene.runpod.logs = [first, second, third, created].filter((line) => line !== undefined);
    });
    await waiting.until(10 * MINUTE);
    expect(waiting.outcome).toBeUndefined();
  });

  test.each<[string, "container" | "system", string]>([
    ["the container itself prints", "container", "create container for requests"],
    ["tells of one that was not created", "system", "failed to create container a:b"],
  ])("is blamed for what it logged before a line that %s", async (_, source, line) => {
    const waiting = wait((scene) => {
      const later = logLines(source, line).map((it) => ({ ...it, at: "2026-11-23T13:00:00Z" }));
      scene.runpod.logs = [...logLines("container", CUDA_803), ...later];
    });
    await waiting.until(45_000);
    expect(failureOf(waiting)).toContain("cuda-803-driver-library-conflict");
  });

  test("is blamed for what it logged at the moment of its creation", async () => {
    const waiting = wait((scene) => {
      scene.runpod.logs = [
        ...logLines("system", "create container vllm/vllm-openai:v0.20.0"),
        ...logLines("container", CUDA_803),
      ];
    });
    await waiting.until(45_000);
    expect(failureOf(waiting)).toContain("cuda-803-driver-library-conflict");
  });

  test("is shown without the values of its environment, which containers like to print", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [[0, { status: "EXITED", env: { TOKEN: "correct horse" } }]]);
      scene.runpod.logs = logLines("container", "TOKEN=correct horse");
    });
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toContain("  | TOKEN=[secret]");
  });

  test("is reported even if its log cannot be read", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [[0, { status: "EXITED" }]]);
      scene.runpod.failures["logs pod1"] = [apiError("server")];
    });
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toContain("Pod pod1 is EXITED, so nothing can serve.");
  });
});
