import type { ServerSpec } from "../../../models/src";
import { findLaunch } from "../../../models/src/container";
import { isFromImage, mayTouch } from "../../../models/src/preparation";

describe("A command before the server", () => {
  test.each([
    "source /v/bin/activate",
    "source activate",
    ". /etc/rp_environment",
    "python3 -m pip install x",
    "python -m venv /v",
    "python3.12 -m http.server",
    "python3 -m ensurepip",
    "echo x",
    "/bin/echo x",
    "[ -d /x ]",
    ": x",
    "start.sh",
    "$(command)",
    "-x",
    "{x",
    "",
  ])("touches no weights and no settings: %s", (text) => {
    expect(mayTouch(text.split(" "))).toBe(false);
  });

  test.each([
    "source /etc/setup",
    "source /v/reactivate",
    "source activate.sh",
    "source",
    "resource activate",
    "sourced activate",
    "..",
    "python3 x.py",
    "python3 -c pip",
    "python3 -m vllm",
    "python3 -m xpip",
    "python3 -m pipx",
    "mypython -m pip",
    "pythonic -m pip",
    "xecho x",
    "echox x",
    "ln -s /a /b",
    "./setup",
    "/setup",
    "_x",
  ])("may touch them: %s", (text) => {
    expect(mayTouch(text.split(" "))).toBe(true);
  });
});

/** Whether a script in the image starts the image's own server. */
function isOwn(text: string, more: ServerSpec = {}): boolean | null {
  const spec: ServerSpec = {
    imageName: "vllm/vllm-openai:v0.20.0",
    dockerEntrypoint: ["bash", "-c"],
    dockerStartCmd: [text],
    ...more,
  };
  const launch = findLaunch(spec);
  return launch && isFromImage(spec, launch);
}

describe("The server of a command", () => {
  test.each([
    "vllm serve a/b",
    "mkdir -p /m; vllm serve a/b --download-dir /m",
    "/usr/local/bin/vllm serve a/b",
    "/bin/env vllm serve a/b",
    "python3 -m vllm.entrypoints.openai.api_server --model a/b",
    "echo 1 2 3 pip; vllm serve a/b",
    "nvidia-smi -L; vllm serve /m/b",
    "gitx; vllm serve a/b",
    "python -m json.tool x; vllm serve a/b",
    "python3.12 -m json.tool x; vllm serve a/b",
    "digit; vllm serve a/b",
  ])("is the image's own: %s", (text) => {
    expect(isOwn(text)).toBe(true);
  });

  test.each([
    "pip install -U vllm; vllm serve a/b",
    "sudo -H pip install vllm; vllm serve a/b",
    "/usr/bin/git clone x; vllm serve a/b",
    "python3 -m pip install vllm; vllm serve a/b",
    "python3 setup.py; vllm serve a/b",
    "python setup.py; vllm serve a/b",
    "python3.12 setup.py; vllm serve a/b",
    "mypython git -m; vllm serve a/b",
    "pythonic git -m; vllm serve a/b",
    "uv run vllm serve a/b",
    "doppler run -- vllm serve a/b",
    "/opt/v/bin/vllm serve a/b",
    "/v/usr/bin/vllm serve a/b",
  ])("may be another: %s", (text) => {
    expect(isOwn(text)).toBe(false);
  });

  test.each(["PATH", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_PRELOAD"])(
    "may be another if the pod sets %s",
    (name) => {
      expect(isOwn("vllm serve a/b", { env: { [name]: "/x" } })).toBe(false);
      expect(isOwn("vllm serve a/b", { env: { [`${name}_X`]: "/x" } })).toBe(true);
    },
  );

  test("is the image's own at its own path", () => {
    const imageName = "ghcr.io/ggml-org/llama.cpp:server";
    expect(isOwn("/app/llama-server -m x", { imageName })).toBe(true);
    expect(isOwn("/app/llama-server -m x")).toBe(false);
    const noImage: ServerSpec = { dockerEntrypoint: ["vllm", "serve"] };
    const launch = findLaunch(noImage);
    expect(launch && isFromImage(noImage, launch)).toBe(true);
  });
});
