import { type Fields, isObject } from "../values";
import { instructionsOf, obey } from "./instructions";
import type { JobAnswer } from "./job-answer";

/**
 * The port of a queue worker's container at which its handler takes jobs, inside the emulator only:
 * a POST with `{"id", "input"}` is one job, and the answer's body a `JobAnswer`. A real worker fetches
 * its jobs. A container that never listens here never takes one.
 */
export const HANDLER_PORT = 65_536;

/** Whether a container is a worker of a queue: RunPod's library looks for this variable. */
export function takesJobs(env: Readonly<Record<string, string>>): boolean {
  return env["RUNPOD_WEBHOOK_GET_JOB"] !== undefined;
}

/** A worker's program: the answer to one job's input. */
export type JobHandler = (input: Fields, now: number) => JobAnswer | Promise<JobAnswer>;

/** A handler as something that listens, behind the instructions that a job or the endpoint may hold. */
export function jobService(handler: JobHandler, env: Readonly<Record<string, string>>) {
  return {
    port: HANDLER_PORT,
    host: "0.0.0.0",
    async handle(request: Request, now: number): Promise<Response> {
      const { input } = (await request.json()) as { input: unknown };
      const fields = isObject(input) ? input : {};
      const instructions = instructionsOf(input, env);
      const answer = obey(instructions) ?? (await handler(fields, now));
      return Response.json(answer);
    },
  };
}
