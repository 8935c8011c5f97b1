import { advanced, container, get, H100, text, volume } from "./support";

describe("plain commands", () => {
  it("sleep infinity stays up and listens on nothing", () => {
    const runtime = advanced(container({ image: "ubuntu", cmd: ["sleep", "infinity"] }), 60);
    expect(runtime.restarts).toBe(0);
    expect(runtime.listening(8000)).toBe(false);
    expect(runtime.nextEventAt()).toBeNull();
  });

  it.each([
    ["tail", "-f", "/dev/null"],
    ["/usr/sbin/sshd", "-D"],
  ])("%s %s stays up", (...cmd) => {
    expect(advanced(container({ image: "ubuntu", cmd }), 60).restarts).toBe(0);
  });

  it("nginx answers with a page", async () => {
    const runtime = advanced(container({ image: "nginx:1.29", cmd: null }), 1);
    const response = await get(runtime, "/", 80);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html");
    expect(await response.text()).toContain("Welcome to nginx!");
  });

  it("nginx goes into the background by default", () => {
    const image = "nginx:1.29";
    const inShell = container({ image, cmd: ["sh", "-c", "nginx && sleep infinity"] });
    expect(advanced(inShell, 1).listening(80)).toBe(true);
    expect(advanced(container({ image, cmd: ["nginx"] }), 5).restarts).toBeGreaterThan(1);
  });

  it("httpd listens on 80", () => {
    expect(advanced(container({ image: "httpd:2.4", cmd: null }), 1).listening(80)).toBe(true);
  });

  it.each([["sleep"], ["sleep", "soon"], ["node"], ["tail", "/etc/hosts"], ["bash", "/start.sh"]])(
    "%s %s ends immediately",
    (...cmd) => {
      const image = cmd[0] === "node" ? "node:24" : "ubuntu";
      expect(advanced(container({ image, cmd }), 5).restarts).toBeGreaterThan(2);
    },
  );

  it("python3 -m http.server listens on 8000, or on the given port", () => {
    const serve = (...args: string[]) => {
      const cmd = ["python3", "-m", "http.server", ...args];
      return advanced(container({ image: "python:3.12", cmd }), 1);
    };
    expect(serve().listening(8000)).toBe(true);
    expect(serve("9000").listening(9000)).toBe(true);
    expect(serve("--bind", "127.0.0.1", "9000").listening(9000)).toBe(false);
  });

  it("python3 ends if there is nothing to run", () => {
    const log = (...args: string[]) => {
      const cmd = ["python3", ...args];
      return text(advanced(container({ image: "python:3.12", cmd }), 1), "container");
    };
    expect(log("-m", "vllm.entrypoints.openai.api_server")).toContain("No module named vllm");
    expect(log("/app.py")).toContain("can't open file '/app.py'");
    expect(log("-c", "print(1)")).toBe("");
  });

  it("nvidia-smi sees the machine's GPUs", () => {
    const gpu = { ...H100, count: 2 };
    const log = (changes: object) =>
      text(advanced(container({ image: "ubuntu", cmd: ["nvidia-smi", "-L"], ...changes }), 0.1));
    expect(log({ gpu })).toContain("GPU 1: NVIDIA H100 80GB HBM3");
    expect(log({ gpu: null })).toContain("NVIDIA-SMI has failed");
  });

  it("runs the command behind wrappers", () => {
    const cmd = ["tini", "--", "nohup", "env", "A=1", "bash", "-c", "echo $A"];
    expect(text(advanced(container({ image: "ubuntu", cmd }), 0.1), "container")).toBe("1");
  });

  it("sets a program's variables about its pod", () => {
    const cmd = ["bash", "-c", "echo $RUNPOD_POD_ID $RUNPOD_GPU_COUNT"];
    const runtime = advanced(container({ image: "ubuntu", cmd }), 0.1);
    expect(text(runtime, "container")).toBe("abcdefghijklmn 1");
  });
});

describe("RunPod's own images", () => {
  it("start Jupyter if a password is set", () => {
    const image = "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404";
    const env = { JUPYTER_PASSWORD: "secret", PUBLIC_KEY: "ssh-ed25519 AAAA" };
    const runtime = advanced(container({ image, env, cmd: null }), 1);
    expect(text(runtime)).toContain("Start script(s) finished, Pod is ready to use.");
    expect(text(runtime)).toContain("Setting up SSH...");
    expect(runtime.listening(8888)).toBe(true);
    expect(advanced(container({ image, cmd: null }), 1).listening(8888)).toBe(false);
  });

  it("start Jupyter on a command", () => {
    const cmd = ["jupyter", "lab", "--ip=0.0.0.0", "--port=8889", "--allow-root"];
    const runtime = advanced(container({ image: "runpod/pytorch", cmd }), 1);
    expect(runtime.listening(8889)).toBe(true);
  });

  it("do nothing as a Pod if they are made for Serverless", () => {
    const runtime = advanced(container({ image: "runpod/worker-v1-vllm:v2.25.2", cmd: null }), 2);
    expect(text(runtime)).toContain("test_input.json not found, exiting.");
    expect(runtime.restarts).toBeGreaterThan(0);
  });
});

describe("the images of third parties", () => {
  it("are assumed to be web applications on the exposed ports", async () => {
    const image = "ghcr.io/acme/app:1.2.3";
    for (const cmd of [null, ["/app/server"], ["node", "server.js"], ["python3", "app.py"]]) {
      const runtime = advanced(container({ image, cmd, httpPorts: [3000, 8080] }), 1);
      expect(runtime.listening(3000)).toBe(true);
      expect((await get(runtime, "/", 8080)).status).toBe(200);
    }
  });

  it("run vLLM if that is their command", () => {
    const cmd = ["vllm", "serve", "Qwen/Qwen3-0.6B"];
    const runtime = container({ image: "acme/my-vllm:1", cmd });
    expect(text(advanced(runtime, 10))).toContain("Application startup complete.");
  });

  it("hide the files under a volume's mount path", () => {
    const mounts = [{ path: "/workspace", sizeGb: 10, storage: volume() }];
    const runtime = container({ image: "acme/app:1", cmd: ["/workspace/start.sh"], mounts });
    expect(text(advanced(runtime, 1), "system")).toContain(
      'exec: "/workspace/start.sh": stat /workspace/start.sh: no such file or directory',
    );
  });
});
