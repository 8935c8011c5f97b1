import { findOption, serverOptions } from "../../../models/src";

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
    expect(serverOptions("vllm", "0.9.0")?.takesModel).toBeNull();
  });

  test("are not known for older and newer releases", () => {
    expect(serverOptions("vllm", "0.6.3")).toBeNull();
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
});
