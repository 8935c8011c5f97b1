import { safe } from "@runpod-stack/kit";
import { HOURS_PER_MONTH, type HourlyPrice, type PriceTable } from "@runpod-stack/models";
import { isKnown, type Known, UNKNOWN } from "../known";
import { doubt, type Finding, ofEndpoints, refusal, rule, type StackFinding } from "../rule";
import type { EndpointSpec } from "../spec";
import { dollars, enumerate } from "../words";
import { alwaysOn, atMost, workerCost, workersWith } from "../worker-cost";

const PRICES = "RunPod's list prices on the date in the message; see docs/policies.md";

export const minWorkersCost = rule<{ readonly maxPerMonth: number }>({
  name: "min-workers-cost",
  description: "Checks whether the workers that are always on stay within a monthly price.",
  severity: "medium",
  level: "advisory",
  why: "workersMin workers are billed around the clock, with or without requests: one H100 worker costs $3,000 a month. RunPod may agree on a discount for them, which is not in its list prices.",
  source: `RunPod docs, serverless/pricing; ${PRICES}`,
  remediationSteps: "Lower workersMin, use cheaper GPUs, or raise maxPerMonth.",
  options: {
    maxPerMonth: {
      type: "number",
      default: 500,
      minimum: 0,
      description:
        "USD per month (730 hours) for the always-on workers of one endpoint with their disks, using the most expensive of its GPU types.",
    },
  },
  hasDoubts: true,
  example: 'gpuTypeIds: ["NVIDIA H100 80GB HBM3"], workersMin: 1',
  check: ofEndpoints((spec, { maxPerMonth }, { prices }) => {
    const limit = {
      field: "workersMin",
      most: maxPerMonth,
      per: "a month",
      hours: HOURS_PER_MONTH,
    };
    return overLimit(spec, prices, alwaysOn(spec), limit, (count, cost, { worstGpu, date }) =>
      refusal(
        "workersMin",
        safe`workersMin ${count} must cost ${dollars(maxPerMonth)} a month or less: ${workersWith(count, spec, worstGpu)} ${count === 1 ? "costs" : "cost"} ${cost} a month with or without requests, at the serverless list prices of ${date}.`,
        safe`Lower workersMin (0 costs nothing while there are no requests), use cheaper GPUs, or raise maxPerMonth in min-workers-cost.`,
      ),
    );
  }),
});

interface Budget {
  readonly maxPerHour: number;
  readonly workerQuota: number;
}

export const maxWorkersBudget = rule<Budget>({
  name: "max-workers-budget",
  description:
    "Checks whether all workers together stay within an hourly price and the account's worker quota.",
  severity: "medium",
  level: "advisory",
  why: "A burst of requests, or a client that retries in a loop, starts up to workersMax workers. RunPod starts nothing more at the account's spending limit, which is $80 an hour by default, so a too large endpoint can also block other deployments.",
  source: `RunPod docs, serverless/pricing and serverless/workers/overview; ${PRICES}`,
  remediationSteps: "Lower workersMax, use cheaper GPUs, or raise the limits.",
  options: {
    maxPerHour: {
      type: "number",
      default: 80,
      minimum: 0,
      description:
        "USD per hour for one endpoint when all its workers run, with their disks, using the most expensive of its GPU types.",
    },
    workerQuota: {
      type: "number",
      default: 5,
      minimum: 0,
      description:
        "Workers that the account may have over all endpoints. RunPod allows 5 by default, and 10, 20, 30, 40, 50 and 60 with a balance of $100, $200, $300, $500, $700 and $900.",
    },
  },
  hasDoubts: true,
  example: 'gpuTypeIds: ["NVIDIA H200"], workersMax: 20',
  check: ofEndpoints((spec, { maxPerHour }, { prices }) => {
    const limit = { field: "workersMax", most: maxPerHour, per: "an hour", hours: 1 };
    return overLimit(spec, prices, atMost(spec), limit, (count, cost, { worstGpu, date }) =>
      refusal(
        "workersMax",
        safe`workersMax ${count} must cost ${dollars(maxPerHour)} an hour or less: ${workersWith(count, spec, worstGpu)} cost ${cost} an hour when all run, at the serverless list prices of ${date}.`,
        safe`Lower workersMax, use cheaper GPUs, or raise maxPerHour in max-workers-budget.`,
      ),
    );
  }),
  checkStack(items, { workerQuota }) {
    const endpoints = items.flatMap((item) => {
      const count = item.spec.kind === "ServerlessEndpoint" ? atMost(item.spec) : undefined;
      return isKnown(count) && count > 0 ? [{ item, count }] : [];
    });
    const total = endpoints.reduce((sum, { count }) => sum + count, 0);
    if (total <= workerQuota) {
      return [];
    }
    const [only, ...others] = endpoints;
    const finding: StackFinding = overQuota(total, workerQuota, endpoints.length);
    return [others.length === 0 && only ? { ...finding, item: only.item } : finding];
  },
});

/** Only the account shows its balance and quota. */
function overQuota(total: number, quota: number, endpoints: number): Finding {
  const what = endpoints === 1 ? "workersMax" : `workersMax of ${endpoints} endpoints, in total`;
  return {
    ...doubt(
      "workersMax",
      safe`${what} ${total} should be ${quota} or less: an account may have that many workers over all its endpoints. RunPod's quota is 5 by default, and grows with the balance: 10 from $100, 20 from $200, 30 from $300, 40 from $500, 50 from $700 and 60 from $900.`,
      safe`Lower workersMax, or set workerQuota in max-workers-budget to your account's quota.`,
    ),
    certainty: "advice",
  };
}

/** A limit in USD for the workers of an endpoint. */
interface CostLimit {
  readonly field: string;
  readonly most: number;
  readonly per: string;
  /** Hours in the time that the limit is for. */
  readonly hours: number;
}

/** What is wrong with a number of workers whose price is too high, or not known. */
function overLimit(
  spec: EndpointSpec,
  prices: PriceTable | undefined,
  count: Known<number>,
  { field, most, per, hours }: CostLimit,
  refuse: (count: number, cost: string, price: HourlyPrice) => Finding,
): Finding[] {
  const price = workerCost(spec, prices);
  if (!isKnown(count) || count === 0 || price === UNKNOWN) {
    return [];
  }
  if (price === undefined) {
    return [unknownPrice(field, count, `${dollars(most)} ${per}`, spec)];
  }
  const cost = count * price.perHour * hours;
  return cost <= most ? [] : [refuse(count, dollars(cost), price)];
}

function unknownPrice(field: string, count: number, limit: string, spec: EndpointSpec): Finding {
  const types = isKnown(spec.gpuTypeIds) ? enumerate(spec.gpuTypeIds.map(String)) : "CPU workers";
  return doubt(
    field,
    safe`${field} ${count} must cost ${limit} or less, but the serverless price of ${types} is not known.`,
    safe`Check the price on RunPod's pricing page, or add it to the prices of hourly-cost.`,
  );
}
