import { type Fields, isObject } from "../../containers/values";
import { ApiError } from "../../core/problem";
import type { JobRequest } from "./job";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const SHORTEST_TIMEOUT_MS = 5_000;
const SHORTEST_TTL_MS = 10_000;

/**
 * The body of `/run` and `/runsync`, by
 * https://docs.runpod.io/serverless/endpoints/send-requests#execution-policies
 * @throws 400 for a body without `input`, or a policy out of its limits
 */
export function readJob(body: unknown, isSync: boolean): JobRequest {
  if (!isObject(body)) {
    throw new ApiError(400, "the request body must be a JSON object with input");
  }
  const { input, webhook } = body;
  if (input === undefined) {
    throw new ApiError(400, "input is required");
  }
  if (body["policy"] !== undefined && !isObject(body["policy"])) {
    throw new ApiError(400, "policy must be an object");
  }
  const policy = isObject(body["policy"]) ? body["policy"] : {};
  return {
    input,
    isSync,
    webhook: readWebhook(webhook),
    executionTimeout: within(policy, "executionTimeout", SHORTEST_TIMEOUT_MS),
    ttl: within(policy, "ttl", SHORTEST_TTL_MS) ?? DAY_MS,
    lowPriority: policy["lowPriority"] === true,
  };
}

/** A job that the platform makes of a request to `/openai`. */
export function openaiJob(route: string, body: unknown): JobRequest {
  return {
    input: { openai_route: route, ...(isObject(body) && { openai_input: body }) },
    isSync: true,
    webhook: null,
    executionTimeout: null,
    ttl: DAY_MS,
    lowPriority: false,
  };
}

function within(policy: Fields, name: string, least: number): number | null {
  const value = policy[name];
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value !== "number" || !(value >= least && value <= WEEK_MS)) {
    throw new ApiError(
      400,
      `policy.${name} ${JSON.stringify(value)} must be milliseconds from ${least} to ${WEEK_MS}`,
    );
  }
  return value;
}

function readWebhook(webhook: unknown): string | null {
  if (webhook === undefined || webhook === null || webhook === "") {
    return null;
  }
  if (typeof webhook !== "string" || !/^https?:/i.test(webhook) || !URL.canParse(webhook)) {
    throw new ApiError(400, `webhook ${JSON.stringify(webhook)} must be an http or https URL`);
  }
  return webhook;
}
