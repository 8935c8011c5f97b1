import type { Answer, TestEmulator } from "../../../support/emulator";
import { endpointBody } from "../bodies";

/** An image whose handler returns its input. */
const HANDLER = { image: "ghcr.io/acme/handler:1", env: {} };

/** The job API of one endpoint. */
export interface JobApi {
  readonly id: string;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  /** Sends a job, and returns its id. */
  run(emulator?: object, rest?: object): Promise<string>;
  status(jobId: string): Promise<Answer["body"]>;
}

/** An endpoint of a handler that returns its input, but for `changes`. */
export async function queue(
  emulator: TestEmulator,
  changes: Record<string, unknown> = {},
): Promise<JobApi> {
  const created = await emulator.call(
    "POST",
    "/v2/serverless",
    endpointBody({ ...HANDLER, ...changes }),
  );
  const { id } = created.body;
  const base = `/serverless/v2/${id}`;
  const get = (path: string) => emulator.call("GET", `${base}/${path}`);
  const post = (path: string, body?: unknown) => emulator.call("POST", `${base}/${path}`, body);
  return {
    id,
    get,
    post,
    run: async (instructions = {}, rest = {}) =>
      (await post("run", { input: { emulator: instructions }, ...rest })).body.id,
    status: async (jobId) => (await get(`status/${jobId}`)).body,
  };
}
