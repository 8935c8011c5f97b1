import { findOption, serverOptions } from "../../../models/src";
import { everyOption } from "../../../models/src/data/server-options";

function found(release: string, written: string, server: "vllm" | "sglang" = "vllm") {
  const options = serverOptions(server, release);
  if (options === null) {
    return null;
  }
  const option = findOption(options, written);
  return typeof option === "string" ? option : option.name;
}

describe("The options of a release", () => {
  test.each([
    ["0.20.2", "--max-model-len", "--max-model-len"],
    ["0.20.2", "--max_model_len=8192", "--max-model-len"],
    ["0.20.2", "-tp", "-tp"],
    ["0.20.2", "--gpu-memory-util", "--gpu-memory-utilization"],
    ["0.20.2", "--compilation-config.mode", "--compilation-config"],
    ["0.20.2", "-O3", "perhaps"],
    ["0.20.2", "-O3x", "unknown"],
    ["0.12.5", "-ac", "perhaps"],
    ["0.20.2", "__port", "unknown"],
    ["0.20.2", "x-O3", "unknown"],
    ["0.20.2", "-tp8", "unknown"],
    ["0.20.2", "-x", "unknown"],
    ["0.20.2", "-q8", "-q"],
    ["0.20.2", "-q=a_b", "-q"],
    ["0.20.2", "port", "unknown"],
    ["0.20.2", "_port", "unknown"],
    ["0.20.2", "--max-model-len=a_b=c", "--max-model-len"],
    ["0.20.2", "--max_model_len.a_b=c", "--max-model-len"],
    ["0.20.2", "--", "perhaps"],
    ["0.20.2", "--no-port", "perhaps"],
    ["0.20.2", "--disable-log-requests", "perhaps"],
    ["0.20.2", "--disable-port", "perhaps"],
    ["0.20.2", "--disable-log-stats", "--disable-log-stats"],
    ["0.20.2", "--prefix-caching", "perhaps"],
    ["0.20.2", "--no-no-such", "unknown"],
    ["0.20.2", "", "unknown"],
    ["0.20.2", "--enable", "perhaps"],
    ["0.33.0", "--no-enable-prefix-caching", "perhaps"],
    ["0.20.2", "--enable-reasoning", "unknown"],
    ["0.8.5", "--enable-reasoning", "--enable-reasoning"],
    ["0.20.2", "--max-model-length", "unknown"],
  ])("of vLLM %s: %s", (release, written, expected) => {
    expect(found(release, written)).toBe(expected);
  });

  test("between two in the table are those of both, and perhaps those of one", () => {
    expect(found("0.12.0", "--attention-backend")).toBe("unknown");
    expect(found("0.12.5", "--attention-backend")).toBe("perhaps");
    expect(found("0.13.0", "--attention-backend")).toBe("--attention-backend");
    expect(found("0.12.5", "--port")).toBe("--port");
    expect(found("0.12.5", "--attention-back")).toBe("perhaps");
    const known = serverOptions("vllm", "0.9.0")?.known;
    expect(known?.get("--block-size")).toMatchObject({ kind: "value", type: "int" });
    expect(known?.get("--max-num-batched-tokens")).toMatchObject({ kind: "value", type: null });
    expect(known?.get("--api-key")).toMatchObject({ kind: "optional", type: null });
    expect(known?.get("--dtype")?.choices).toEqual(
      expect.arrayContaining(["auto", "half", "float32"]),
    );
    expect(known?.get("--load-format")?.choices).toBeNull();
    const later = serverOptions("vllm", "0.15.5")?.known;
    expect(later?.get("--max-cudagraph-capture-size")).toMatchObject({ type: null });
    expect(serverOptions("vllm", "0.10.0")?.takesModel).toBeNull();
    expect(serverOptions("vllm", "0.11.0")?.takesModel).toBe(true);
    expect(serverOptions("sglang", "0.5.9")?.takesModel).toBe(true);
    expect(serverOptions("vllm", "0.9.0")?.takesModel).toBeNull();
  });

  test("are not known for older and newer releases", () => {
    expect(serverOptions("vllm", "0.6.3")).toBeNull();
    expect(serverOptions("vllm", "0.8.4")).toBeNull();
    expect(serverOptions("vllm", "0.33.0.post1")).toBeNull();
    expect(serverOptions("vllm", "0.33.1")).toBeNull();
    expect(serverOptions("sglang", "0.4.6.post4")).toBeNull();
    expect(serverOptions("sglang", "0.4.6.post6")).not.toBeNull();
    expect(serverOptions("vllm", "0.40.0")).toBeNull();
    expect(serverOptions("vllm", "0.8.5")?.takesModel).toBe(false);
    expect(serverOptions("vllm", "0.33.0")?.takesModel).toBe(true);
  });

  test("show what follows them", () => {
    const { known } = serverOptions("vllm", "0.33.0") ?? {};
    expect(known?.get("--port")).toEqual({
      name: "--port",
      kind: "value",
      type: "int",
      choices: null,
    });
    expect(known?.get("--trust-remote-code")).toMatchObject({ kind: "none" });
    expect(known?.get("--served-model-name")).toMatchObject({ kind: "many" });
    expect(known?.get("--dtype")?.choices).toContain("bfloat16");
  });

  test("of SGLang order its post releases", () => {
    expect(found("0.5.6.post2", "--tp-size", "sglang")).toBe("--tp-size");
    expect(found("0.5.6.post1", "--tp-size", "sglang")).toBe("--tp-size");
    expect(found("0.5.23", "--tp", "sglang")).toBe("--tp-size");
    expect(found("0.5.23", "--tp-sise", "sglang")).toBe("unknown");
  });

  test("are the same object for the same release, until many others were asked for", () => {
    const first = serverOptions("vllm", "0.20.2");
    expect(serverOptions("vllm", "0.22.1")).not.toBe(first);
    expect(serverOptions("vllm", "0.20.2")).toBe(first);
    expect(serverOptions("sglang", "0.5.10")).not.toBe(serverOptions("sglang", "0.5.12"));
    for (let patch = 0; patch < 100; patch++) {
      serverOptions("vllm", `9.0.${patch}`);
    }
    expect(serverOptions("vllm", "0.20.2")).not.toBe(first);
  });

  test("of every release are those of all together, each as in the newest", () => {
    const options = everyOption("vllm");
    expect(options.get("--enable-reasoning")?.kind).toBe("none");
    expect(options.get("--api-key")?.kind).toBe("many");
    expect(options.get("--dtype")?.choices).toContain("bfloat16");
    expect(everyOption("sglang").get("--tp-size")).toMatchObject({ kind: "value" });
  });
});
