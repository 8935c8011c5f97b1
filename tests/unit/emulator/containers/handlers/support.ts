import { HANDLER_PORT } from "../../../../../emulator/src/containers/handlers/job-handler";
import type {
  ContainerInput,
  ContainerRuntime,
} from "../../../../../emulator/src/containers/runtime";
import { advanced, container } from "../support";

export const MODEL = "Qwen/Qwen2.5-7B-Instruct";

/** A worker of a queue after some minutes. @default RunPod's vLLM worker */
export function worker(
  env: Record<string, string> = { MODEL_NAME: MODEL },
  changes: Partial<ContainerInput> = {},
): ContainerRuntime {
  const queue = { RUNPOD_WEBHOOK_GET_JOB: "https://api.runpod.ai/v2/abc/job-take/$ID" };
  const image = "runpod/worker-v1-vllm:v2.25.2";
  const input = { image, cmd: null, httpPorts: [], env: { ...queue, ...env }, ...changes };
  return advanced(container(input), 20);
}

/** What the handler makes of a job. */
export async function answer(runtime: ContainerRuntime, input: unknown): Promise<unknown> {
  const body = JSON.stringify({ id: "job-1", input });
  const response = await runtime.handle(
    new Request("http://worker/", { method: "POST", body }),
    HANDLER_PORT,
  );
  return response.json();
}
