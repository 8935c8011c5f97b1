import { advanced, container, get, text } from "./support";

describe("vLLM with enough of everything", () => {
  it("pulls, downloads, compiles, and then serves", async () => {
    const runtime = advanced(container(), 10);
    expect(runtime.status()).toBe("running");
    expect(runtime.restarts).toBe(0);
    expect(text(runtime)).toContain("Application startup complete.");
    expect(runtime.listening(8000)).toBe(true);
    expect(runtime.nextEventAt()).toBeNull();
    expect((await get(runtime, "/health")).status).toBe(200);
  });
});

describe("the two bugs of a first deployment", () => {
  it("crash-loops with a full disk when the weights exceed it", () => {
    const runtime = advanced(container({ diskGb: 20 }), 10);
    expect(text(runtime, "container")).toContain("No space left on device (os error 28)");
    expect(runtime.status()).toBe("running");
    expect(runtime.restarts).toBeGreaterThan(2);
    expect(runtime.listening(8000)).toBe(false);
  });

  it("fails with Error 803 where the image's compat libraries win", () => {
    const runtime = advanced(container({ image: "vllm/vllm-openai:v0.16.0-cu130" }), 10);
    expect(text(runtime, "container")).toContain(
      "Error 803: system has unsupported display driver",
    );
    expect(runtime.restarts).toBeGreaterThan(2);
  });
});
