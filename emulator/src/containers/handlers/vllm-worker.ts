import type { Machine, Process, Program } from "../machine";
import { forever, seconds } from "../machine";
import { serveVllm } from "../servers/vllm";
import type { Fields } from "../values";
import { pythonRepr } from "../vllm-api/python";
import type { JobAnswer } from "./job-answer";
import { type JobHandler, jobService } from "./job-handler";
import { vllmArguments } from "./vllm-environment";
import { vllmRequest } from "./vllm-input";

/**
 * RunPod's vLLM worker, as https://github.com/runpod-workers/worker-vllm is since July 2026: starts
 * vLLM with the options that the environment names, and passes each job on to it.
 */
export function* runVllmWorker(process: Process): Program {
  const { machine, env } = process;
  yield seconds(1);
  const options = vllmArguments(env, machine.image.vllm?.version ?? "");
  if ("error" in options) {
    machine.print(`ValueError: ${options.error}`);
    return 1;
  }
  if (!(env["MODEL_NAME"] || env["VLLM_CONFIG_FILE"] || env["MODEL"])) {
    machine.print("%S WARNING root: MODEL_NAME is not set; vLLM starts its default model");
  }
  const args = ["--host", LOOPBACK, "--port", String(PORT), ...options.args];
  machine.print(`%S INFO root: Starting vLLM: vllm serve ${args.join(" ")}`);
  machine.spawn(serveVllm(process, "vllm serve", args));
  while (machine.service(PORT) === undefined) {
    if (machine.jobs() === 0) {
      machine.print("RuntimeError: vLLM serve exited during startup with code 1");
      return 1;
    }
    yield seconds(HEALTH_POLL_S);
  }
  machine.print("%S INFO root: vLLM is healthy", "--- Starting Serverless Worker ---");
  machine.listen(jobService(proxyTo(machine, env), env));
  return yield* forever();
}

const LOOPBACK = "127.0.0.1";
const PORT = 8000;
const HEALTH_POLL_S = 2;

function proxyTo(machine: Machine, env: Process["env"]): JobHandler {
  return async (input, now) => {
    const request = vllmRequest(input);
    if (request === null) {
      return failed(
        "Job input must contain one of: openai_input (+openai_route), route (+body), or prompt/messages.",
      );
    }
    const { route, method, body } = request;
    const server = machine.service(PORT);
    if (server === undefined) {
      return failed("vLLM server process is not running; worker is unhealthy");
    }
    const sent = method === "GET" || body === null ? null : withModel(body, env);
    const answer = await server.handle(
      new Request(`http://${LOOPBACK}:${PORT}${route}`, {
        method,
        headers: { "content-type": "application/json" },
        ...(sent !== null && { body: JSON.stringify(sent) }),
      }),
      now,
    );
    const reply = await answer.text();
    if (answer.status >= 400) {
      machine.print(`%S ERROR root: vLLM ${method} ${route} returned HTTP ${answer.status}`);
      return failed(`vLLM returned HTTP ${answer.status}: ${reply}`);
    }
    // Each event of a stream is one chunk; everything else is the only chunk.
    return { chunks: sent?.["stream"] === true ? reply.split(EVENT_END) : [JSON.parse(reply)] };
  };
}

const EVENT_END = /(?<=\n\n)(?=.)/s;

/** vLLM serves its only model to a request that names none. */
function withModel(body: Fields, env: Process["env"]): Fields {
  const name = env["OPENAI_SERVED_MODEL_NAME_OVERRIDE"]?.split(",")[0]?.trim();
  return body["model"] === undefined && name ? { model: name, ...body } : body;
}

/** RunPod keeps a handler's error as Python prints it. */
function failed(message: string): JobAnswer {
  return { error: pythonRepr({ message, type: "worker_error", code: null }) };
}
