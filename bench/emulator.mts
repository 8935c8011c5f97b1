// How fast the emulator answers, every body checked, and what it holds in memory.
import http from "node:http";
import type { Bench, Measurement } from "./support/measure.mts";

const PODS = 10_000;
const LISTS = 1_000;
const PAGE = 100;
const CONNECTIONS = 16;
const MEMORY_BAR_MB = 300;

const POD = JSON.stringify({
  name: "bench",
  image: "vllm/vllm-openai:v0.20.0",
  cmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
  gpu: { id: "NVIDIA L4", count: 1 },
  disk: 30,
  mounts: { persistent: { size: 20, path: "/root/.cache/huggingface" } },
  ports: ["8000/http"],
  env: { HF_TOKEN: "hf_0123456789abcdef", VLLM_LOGGING_LEVEL: "INFO" },
});

export const emulator: Measurement = async ({ emulator: target, progress }) => {
  await target.reset();
  const ask = client(target);
  const emptyMb = target.memoryMb();
  progress(`emulator: creating ${PODS} pods`);
  const posts = await perSecond(PODS, () => ask("POST", "/v2/pods", POD));
  progress(`emulator: ${LISTS} lists of ${PAGE} pods`);
  const lists = await perSecond(LISTS, () => ask("GET", `/v2/pods?limit=${PAGE}`));
  const fullMb = target.memoryMb();
  ask.close();
  return {
    tables: [
      {
        columns: ["emulator", "measured", "bar"],
        rows: [
          ["`POST /v2/pods`", `${posts} a second`, ""],
          [`\`GET /v2/pods?limit=${PAGE}\``, `${lists} a second`, ""],
          ["memory, empty", `${Math.round(emptyMb)} MB`, ""],
          [`memory, ${PODS} pods`, `${Math.round(fullMb)} MB`, `${MEMORY_BAR_MB} MB`],
        ],
      },
    ],
    raw: { posts, lists, emptyMb, fullMb },
    missed:
      fullMb < MEMORY_BAR_MB
        ? []
        : [
            `${PODS} pods make the emulator hold ${Math.round(fullMb)} MB, not less than ${MEMORY_BAR_MB}.`,
          ],
  };
};

interface Client {
  (method: string, path: string, body?: string): Promise<void>;
  close(): void;
}

/** The plainest client there is: what it takes itself is not the emulator's. */
function client({ env, origin }: Bench["emulator"]): Client {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const headers = {
    authorization: `Bearer ${env["RUNPOD_API_KEY"]}`,
    "content-type": "application/json",
  };
  const ask = (method: string, path: string, body?: string) =>
    new Promise<void>((resolve, reject) => {
      const request = http.request(origin + path, { method, agent, headers }, (answer) => {
        const { statusCode = 0 } = answer;
        answer.resume().on("end", () => {
          if (statusCode < 300) resolve();
          else reject(new Error(`${method} ${path} was answered with ${statusCode}`));
        });
      });
      request.on("error", reject).end(body);
    });
  return Object.assign(ask, { close: () => agent.destroy() });
}

async function perSecond(count: number, ask: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  let left = count;
  const worker = async () => {
    while (left-- > 0) await ask();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return Math.round((count / (performance.now() - begun)) * 1000);
}
