import type { LogLine, Pod, ProbeResult } from "../../../../provider/src/api";
import type { NotServing } from "../../../../provider/src/handlers/pod-endpoint/serving";
import { pod } from "../../api/fixtures";
import { apiError, type FakeScene, logLines } from "../fake-context";
import { failureOf, logReads, MINUTE, podFrom, wait } from "./waiting";

const START = "start container for vllm/vllm-openai:v0.16.0: begin";
const CUDA_803 =
  "RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 803: system has unsupported display driver / cuda driver combination";

/** The pod is neither listed nor found between two times. */
function vanishing(scene: FakeScene, view: Pod, gaps: readonly (readonly [number, number])[]) {
  Object.defineProperty(scene.runpod, "pods", {
    get: () => {
      const now = scene.clock.monotonic();
      return gaps.some(([from, to]) => now >= from && now < to) ? [] : [view];
    },
  });
}

describe("a pod that will not serve ends the wait", () => {
  test("if it has ended in two lists", async () => {
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
      "Pod pod1 is EXITED, so nothing can serve. Run `pulumi up --refresh` to start it, if the program wants it to run.\nNo log output yet.",
    );
    expect((waiting.outcome as NotServing).pod).toMatchObject({ status: "EXITED" });
  });

  test("but not in one stale list just after a start", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [
        [0, { status: "EXITED" }],
        [6_000, { status: "STARTING" }],
      ]);
    });
    await waiting.until(2 * MINUTE);
    expect(waiting.outcome).toBeUndefined();
  });

  test("if it is in error, with the cause from its logs", async () => {
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
    expect(failureOf(waiting)).toBe(
      "Pod pod1 was terminated during the wait and is no longer billed. Run `pulumi refresh`, then `pulumi up` to recreate it.",
    );
    expect((waiting.outcome as NotServing).pod).toBeUndefined();
  });

  test("if it does not exist, once that cannot be lag", async () => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.pods = [];
      },
      { interval: 1_000 },
    );
    await waiting.until(59_999);
    expect(waiting.outcome).toBeUndefined();
    expect(waiting.shown.at(-1)).toBe("urn:llm: 55s pod not listed yet, 502");
    // One miss in five seconds, however often the service is asked.
    expect(waiting.runpod.calls.filter((call) => call === "get pod1")).toHaveLength(12);
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toBe(
      [
        "Pod pod1 was not found: for 1m, RunPod has neither listed it nor found it by its id. It is not known whether it is billed: it may belong to another account, have been deleted, or not be listed yet.",
        "The endpoint uses its own provider's account (API key fingerprint aaaa1111, https://api.runpod.io). If the pod belongs to another provider, pass that provider to the endpoint.",
        "Otherwise look for the pod in RunPod's console, run `pulumi refresh`, and then `pulumi up`.",
      ].join("\n"),
    );
    expect((waiting.outcome as NotServing).pod).toBeUndefined();
  });

  test("if an old one is missing twice in a row", async () => {
    const waiting = wait((scene) => {
      const createdAt = new Date(scene.clock.now() - 10 * MINUTE).toISOString();
      vanishing(scene, { ...pod, createdAt }, [
        [10_000, 15_000],
        [30_000, Number.POSITIVE_INFINITY],
      ]);
    });
    await waiting.until(34_999);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(35_000);
    expect(failureOf(waiting)).toMatch(
      /^Pod pod1 has disappeared: for 5s, RunPod has neither listed it nor found it by its id\. It is not known whether it is billed: it may have been deleted elsewhere\./,
    );
  });

  test("but not while it is young enough for lists to lag, or if its age is invalid", async () => {
    for (const age of [10_000, -MINUTE]) {
      const waiting = wait((scene) => {
        const createdAt = new Date(scene.clock.now() - age).toISOString();
        vanishing(scene, { ...pod, createdAt }, [[5_000, 50_000]]);
        scene.runpod.answer = (at) =>
          at >= 50_000 ? { status: 200, json: { data: [{ id: "qwen" }] } } : { status: 502 };
      });
      await waiting.until(2 * MINUTE);
      expect(waiting.outcome).toMatchObject({ models: ["qwen"] });
    }
  });

  test.each(["unauthorized", "forbidden"] as const)(
    "if RunPod answers that the key is %s, with RunPod's message",
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
  test("is recognized from its log as soon as it has restarted", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [
        [0, { runtime: { uptime: 3 } }],
        [5_001, { runtime: { uptime: 1 } }],
      ]);
      scene.runpod.logs = logLines("container", CUDA_803);
    });
    await waiting.until(14_000);
    expect(failureOf(waiting)).toContain(
      "The container in pod pod1 is failing.\nDiagnosis: cuda-803-driver-library-conflict (certain).",
    );
    expect(failureOf(waiting)).toContain(`  | ${CUDA_803}`);
    expect(logReads(waiting)).toBe(1);
  });

  test("is recognized at the first check by its many starts", async () => {
    const waiting = wait((scene) => {
      scene.runpod.logs = logLines("system", START, CUDA_803, START, START);
    });
    await waiting.until(14_999);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(15_000);
    expect(failureOf(waiting)).toContain("cuda-803-driver-library-conflict");
  });

  test("is recognized at the second check by the same cause, if the number of starts is unknown", async () => {
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
  ])("is not recognized by lines that %s", async (_, lines) => {
    const waiting = wait((scene) => {
      scene.runpod.logs = [...lines, ...logLines("container", CUDA_803)];
    });
    await waiting.until(44_999);
    expect(waiting.outcome).toBeUndefined();
  });

  test("is recognized by a line two hundred lines before its last one", async () => {
    const waiting = wait((scene) => {
      const trace = Array.from({ length: 199 }, (_, depth) => `  File "engine.py", line ${depth}`);
      scene.runpod.logs = logLines("container", CUDA_803, ...trace);
    });
    await waiting.until(45_000);
    expect(failureOf(waiting)).toContain("cuda-803-driver-library-conflict");
  });

  test("is not recognized by an ambiguous line, however often it appears", async () => {
    const waiting = wait((scene) => {
      scene.runpod.logs = logLines("container", "EngineDeadError");
    });
    await waiting.until(10 * MINUTE);
    expect(waiting.outcome).toBeUndefined();
  });

  test("for no known reason is waited for until its seventh start", async () => {
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
      "The container in pod pod1 keeps restarting.",
      "No known cause found. Last log lines:",
      ...Array(7).fill(`  | ${START}`),
      "  | boom",
    ]);
  });

  test("without any line from the container is named at its seventh start", async () => {
    const waiting = wait((scene) => {
      scene.runpod.logs = logLines("system", ...Array(7).fill(START));
    });
    await waiting.until(15_000);
    expect(failureOf(waiting)).toContain("Diagnosis: silent-start-loop (likely).");
  });

  test("is explained by a cause that stands far before the end of its log", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [[0, { status: "ERROR" }]]);
      const frames = Array(900).fill('  File "/x/vllm/api_server.py", line 99, in build');
      scene.runpod.logs = logLines("container", CUDA_803, ...frames);
    });
    await waiting.until(MINUTE);
    expect(failureOf(waiting)).toContain("Diagnosis: cuda-803-driver-library-conflict");
  });

  test("is shown with a limited number of lines", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [[0, { status: "ERROR" }]]);
      scene.runpod.logs = logLines("container", ..."abcdefghij");
    });
    await waiting.until(MINUTE);
    expect(failureOf(waiting).split("\n").slice(2)).toEqual([..."cdefghij"].map((c) => `  | ${c}`));
  });

  test("is not diagnosed by the previous image's log", async () => {
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
  ])("is diagnosed by its log before a line that %s", async (_, source, line) => {
    const waiting = wait((scene) => {
      const later = logLines(source, line).map((it) => ({ ...it, at: "2026-11-23T13:00:00Z" }));
      scene.runpod.logs = [...logLines("container", CUDA_803), ...later];
    });
    await waiting.until(45_000);
    expect(failureOf(waiting)).toContain("cuda-803-driver-library-conflict");
  });

  test("is diagnosed by its log at the moment of its creation", async () => {
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

describe("a server that listens where it cannot be reached", () => {
  const api = (text: string) => `(APIServer pid=1) INFO 11-26 16:28:52 [x.py:1] ${text}`;
  const vllm = (address: string) => [
    api("vLLM API server version 0.20.0"),
    api(`Starting vLLM API server 0 on http://${address}`),
    "(APIServer pid=1) INFO:     Application startup complete.",
  ];

  test("on localhost ends the wait at the first check of its log", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.logs = logLines("container", ...vllm("127.0.0.1:8000"));
    });
    await waiting.until(14_999);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(15_000);
    expect(failureOf(waiting).split("\n")).toEqual([
      "https://pod1-8000.proxy.runpod.net: the server in pod pod1 is up but cannot be reached on port 8000.",
      "Diagnosis: listens-on-loopback (likely). The server listens only on 127.0.0.1, so nothing outside the container can reach it. Start it with --host 0.0.0.0.",
      `  | ${vllm("127.0.0.1:8000")[1]}`,
    ]);
    expect(logReads(waiting)).toBe(1);
  });

  test("on another port ends it once its log is quiet", async () => {
    const waiting = wait(({ runpod }) => {
      runpod.logs = logLines("container", ...vllm("0.0.0.0:8080"));
    });
    await waiting.until(29_999);
    expect(waiting.outcome).toBeUndefined();
    await waiting.until(30_000);
    expect(failureOf(waiting)).toContain("Diagnosis: server-on-other-port (likely).");
    expect(failureOf(waiting)).toContain("Start it with --port 8000, or");
  });

  test("on another port does not end it while the container is busy", async () => {
    const waiting = wait((scene) => {
      Object.defineProperty(scene.runpod, "logs", {
        get: () =>
          logLines("container", ...vllm("0.0.0.0:8080"), `still at ${scene.clock.monotonic()}`),
      });
    });
    await waiting.until(44 * MINUTE);
    expect(waiting.outcome).toBeUndefined();
  });

  test("is reported at the end if it was not reported before", async () => {
    const waiting = wait(
      (scene) => {
        scene.runpod.failures["logs pod1"] = [apiError("server")];
        scene.runpod.logs = logLines("container", ...vllm("0.0.0.0:8080"));
      },
      { timeout: 20_000 },
    );
    await waiting.until(20_000);
    expect(failureOf(waiting)).toContain("did not serve within 20s");
    expect(failureOf(waiting)).toContain("Diagnosis: server-on-other-port (likely).");
  });

  test.each<[string, ProbeResult]>([
    ["a service that answers", { status: 404, json: {} }],
    ["a gateway whose server loads", { status: 503, json: { error: "loading" } }],
    ["nobody", {}],
  ])("is not inferred from %s", async (_, answer) => {
    const waiting = wait(({ runpod }) => {
      runpod.answer = () => answer;
      runpod.logs = logLines("container", ...vllm("127.0.0.1:8000"));
    });
    await waiting.until(100_000);
    expect(waiting.outcome).toBeUndefined();
  });

  test("on a port that the pod does not expose is recognized from a 404", async () => {
    const waiting = wait((scene) => {
      podFrom(scene, [[0, { ports: ["22/tcp"] }]]);
      scene.runpod.answer = () => ({ status: 404 });
      scene.runpod.logs = logLines("container", ...vllm("0.0.0.0:8000"));
    });
    await waiting.until(15_000);
    expect(failureOf(waiting)).toContain('Add "8000/http" to the pod\'s ports.');
  });
});
