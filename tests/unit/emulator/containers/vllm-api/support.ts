import OpenAI from "openai";
import type { ContainerRuntime } from "../../../../../emulator/src/containers/runtime";
import { advanced, container, post } from "../support";

export const MODEL = "Qwen/Qwen3-0.6B";
export const HELLO = { model: MODEL, messages: [{ role: "user", content: "Hello there" }] };

/** A server that was started with `flags` in addition to the model. */
export function serving(...flags: string[]): ContainerRuntime {
  return advanced(container({ cmd: [MODEL, ...flags] }), 10);
}

export function openai(runtime: ContainerRuntime): OpenAI {
  return new OpenAI({
    apiKey: "none",
    baseURL: "http://pod.example/v1",
    maxRetries: 0,
    fetch: (url, init) => runtime.handle(new Request(url, init as RequestInit), 8000),
  });
}

/** The error of a refused request, with its status. */
export async function refusal(
  body: unknown,
  path = "/v1/chat/completions",
  runtime = serving(),
): Promise<{ status: number; message: string; type: string; param: string | null }> {
  const response = await post(runtime, path, body);
  const { error } = (await response.json()) as {
    error: { message: string; type: string; param: string };
  };
  return { status: response.status, ...error };
}
