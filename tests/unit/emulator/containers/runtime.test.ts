import { advanced, container, MINUTE, START, text } from "./support";

describe("time", () => {
  it("may pass in one step or in many", () => {
    const [once, often] = [container({ diskGb: 20 }), container({ diskGb: 20 })];
    once.advanceTo(START + 10 * MINUTE);
    for (let at = START; at <= START + 10 * MINUTE; at += 777) {
      often.advanceTo(at);
    }
    often.advanceTo(START + 10 * MINUTE);
    expect(often.logs).toEqual(once.logs);
    expect(often.restarts).toBe(once.restarts);
  });

  it("does not go back", () => {
    const runtime = advanced(container(), 10);
    const before = runtime.logs;
    runtime.advanceTo(START);
    expect(runtime.logs).toEqual(before);
    expect(runtime.listening(8000)).toBe(true);
  });

  it("does nothing before the start", () => {
    const runtime = container();
    runtime.advanceTo(START - 1);
    expect(runtime.logs).toEqual([]);
    expect(runtime.nextEventAt()).toBe(START);
  });

  it("announces each next event", () => {
    const runtime = container({ cmd: ["Qwen/Qwen3-0.6B"] });
    for (let next = runtime.nextEventAt(); next !== null; next = runtime.nextEventAt()) {
      const lines = runtime.logs.length;
      runtime.advanceTo(next - 1);
      expect(runtime.logs).toHaveLength(lines);
      runtime.advanceTo(next);
    }
    expect(runtime.listening(8000)).toBe(true);
  });
});

describe("a command that ends", () => {
  it.each([
    ["true", ["true"]],
    ["false", ["false"]],
    ["exit 3", ["sh", "-c", "exit 3"]],
    ["a shell without a terminal", null],
  ])("is restarted repeatedly: %s", (_, cmd) => {
    const runtime = advanced(container({ image: "ubuntu:24.04", cmd }), 10);
    expect(runtime.status()).toBe("running");
    expect(runtime.restarts).toBeGreaterThan(5);
    const begun = runtime.logs.filter(
      ({ line }) => line === "start container for ubuntu:24.04: begin",
    );
    expect(begun).toHaveLength(runtime.restarts + 1);
  });

  it("is up only while it runs", () => {
    const runtime = container({ image: "ubuntu", cmd: ["sleep", "30"] });
    runtime.advanceTo(START + 20_000);
    expect(runtime.uptimeStartedAt()).toBe(START + 5000);
    runtime.advanceTo(START + 36_000);
    expect(runtime.uptimeStartedAt()).toBeNull();
    runtime.advanceTo(START + 40_000);
    expect(runtime.uptimeStartedAt()).toBe(START + 37_000);
  });

  it("is restarted less and less often if it never stays", () => {
    const { logs } = advanced(container({ image: "ubuntu", cmd: ["false"] }), 30);
    const starts = logs.filter(({ line }) => line.includes("begin")).map(({ at }) => at);
    const pauses = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    expect(pauses.at(0)).toBeLessThan(5000);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(MINUTE);
  });

  it("is different from one that cannot start", () => {
    const runtime = advanced(container({ image: "ubuntu", cmd: ["no-such-command"] }), 1);
    expect(text(runtime, "system")).toContain(
      'exec: "no-such-command": executable file not found in $PATH',
    );
    expect(text(runtime, "container")).toBe("");
  });
});

describe("the log", () => {
  it("keeps the newest lines and counts all", () => {
    const { logs } = advanced(container({ diskGb: 20 }), 600);
    expect(logs).toHaveLength(500);
    expect(logs[0]?.seq).toBeGreaterThan(500);
    expect(logs.at(-1)?.seq).toBe((logs[0]?.seq ?? 0) + 499);
  });

  it("begins with the system's lines", () => {
    const { logs } = advanced(container(), 1);
    expect(logs[0]).toEqual({
      at: START,
      source: "system",
      line: "create container vllm/vllm-openai:v0.33.0",
      seq: 0,
    });
  });
});
