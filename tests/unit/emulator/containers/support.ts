import {
  type ContainerInput,
  type ContainerRuntime,
  createContainerRuntime,
  type Storage,
} from "../../../../emulator/src/containers/runtime";

export const START = Date.UTC(2026, 10, 23, 12, 0, 0);
export const H100 = {
  id: "NVIDIA H100 80GB HBM3",
  count: 1,
  memoryGb: 80,
  computeCapability: "9.0",
};
export const MINUTE = 60_000;

/** A container of the newest vLLM with Qwen3.8-27B on an H100 and enough disk, but for `changes`. */
export function container(changes: Partial<ContainerInput> = {}): ContainerRuntime {
  return createContainerRuntime({
    podId: "abcdefghijklmn",
    image: "vllm/vllm-openai:v0.33.0",
    entrypoint: null,
    cmd: ["Qwen/Qwen3.8-27B", "--max-model-len", "32768"],
    env: {},
    diskGb: 100,
    mounts: [],
    gpu: H100,
    hostCudaVersion: "13.0",
    httpPorts: [8000],
    startedAt: START,
    imageCached: true,
    random: () => 0.5,
    ...changes,
  });
}

export function volume(): Storage {
  return { files: new Map() };
}

export function advanced(runtime: ContainerRuntime, minutes: number): ContainerRuntime {
  runtime.advanceTo(START + minutes * MINUTE);
  return runtime;
}

export function text(runtime: ContainerRuntime, source?: "container" | "system"): string {
  return runtime.logs
    .filter((line) => source === undefined || line.source === source)
    .map(({ line }) => line)
    .join("\n");
}

export function get(runtime: ContainerRuntime, path: string, port = 8000): Promise<Response> {
  return runtime.handle(new Request(`http://pod.example${path}`), port);
}

export function post(
  runtime: ContainerRuntime,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const request = new Request(`http://pod.example${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return runtime.handle(request, 8000);
}
