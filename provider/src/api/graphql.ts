import { safe } from "@runpod-stack/kit";
import { z } from "zod";
import { type ErrorKind, RunpodError } from "../core/errors";
import type { HttpClient } from "../http/client";
import { path } from "../http/path";
import { reader } from "./reader";

/** Telemetry of a running pod, in percent unless the name gives another unit. */
export interface PodTelemetry {
  readonly uptimeInSeconds?: number;
  readonly gpus?: readonly {
    readonly id: string;
    readonly gpuUtilPercent?: number;
    readonly memoryUtilPercent?: number;
  }[];
  readonly container?: { readonly cpuPercent?: number; readonly memoryPercent?: number };
  readonly ports?: readonly {
    readonly ip: string;
    readonly isIpPublic: boolean;
    readonly privatePort: number;
    readonly publicPort: number;
    readonly type: string;
  }[];
}

/** The account's balance and spending, in US dollars. */
export interface Balance {
  readonly clientBalance: number;
  readonly currentSpendPerHr: number;
}

/** The full monitoring query of RunPod's guide. */
const TELEMETRY = `query Telemetry($podId: String!) {
  pod(input: { podId: $podId }) {
    runtime {
      uptimeInSeconds
      gpus { id gpuUtilPercent memoryUtilPercent }
      container { cpuPercent memoryPercent }
      ports { ip isIpPublic privatePort publicPort type }
    }
  }
}`;
const BALANCE = "query Balance { myself { clientBalance currentSpendPerHr } }";

const percent = z.number().nullish();
const zTelemetry = z.object({
  uptimeInSeconds: z.number().nullish(),
  gpus: z
    .array(z.object({ id: z.string(), gpuUtilPercent: percent, memoryUtilPercent: percent }))
    .nullish(),
  container: z.object({ cpuPercent: percent, memoryPercent: percent }).nullish(),
  ports: z
    .array(
      z.object({
        ip: z.string(),
        isIpPublic: z.boolean(),
        privatePort: z.number(),
        publicPort: z.number(),
        type: z.string(),
      }),
    )
    .nullish(),
});
const zBalance = z.object({ clientBalance: z.number(), currentSpendPerHr: z.number() });

const KINDS: ReadonlyMap<unknown, ErrorKind> = new Map([
  ["FORBIDDEN", "forbidden"],
  ["UNAUTHENTICATED", "unauthorized"],
]);

/** Null while the pod is not running, or if it does not exist. @throws RunpodError */
export async function readTelemetry(
  client: HttpClient,
  podId: string,
  log: (text: string) => void,
): Promise<PodTelemetry | null> {
  const operation = `reading the telemetry of pod ${podId}`;
  const data = await query(client, operation, TELEMETRY, { podId });
  const runtime = Object(data["pod"]).runtime ?? null;
  return runtime === null ? null : reader<PodTelemetry>("pod", zTelemetry, log)(runtime, operation);
}

/** @throws RunpodError */
export async function readBalance(
  client: HttpClient,
  log: (text: string) => void,
): Promise<Balance> {
  const operation = "reading the account's balance";
  const data = await query(client, operation, BALANCE);
  return reader<Balance>("balance", zBalance, log)(data["myself"], operation);
}

async function query(
  client: HttpClient,
  operation: string,
  text: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const body = { query: text, variables };
  // A query changes nothing, although it is a POST.
  const call = {
    method: "POST",
    path: path``,
    body,
    operation,
    isIdempotent: true,
    priority: "read",
  } as const;
  const answer = Object((await client.request(call)).body) as Record<string, unknown>;
  const [error] = Array.isArray(answer["errors"]) ? answer["errors"] : [];
  // GraphQL answers 200 even to a query that it rejects.
  if (error !== undefined) {
    throw refusal(client, operation, error);
  }
  return Object(answer["data"]) as Record<string, unknown>;
}

function refusal(client: HttpClient, operation: string, error: unknown): RunpodError {
  const { message, extensions } = Object(error) as Record<string, unknown>;
  const reason = typeof message === "string" ? message : "no reason was given";
  const detail = client.presentable(reason);
  const kind = KINDS.get(Object(extensions).code) ?? "invalid";
  return new RunpodError(safe`${operation}: ${detail}`, { kind, detail, operation });
}
