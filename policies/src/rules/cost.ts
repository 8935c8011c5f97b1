import { safe } from "@runpod-stack/kit";
import { hourlyPrice, type PriceTable, volumePricePerHour } from "@runpod-stack/models";
import { isKnown, UNKNOWN, wholeList } from "../known";
import { doubt, type Finding, type Item, ofPods, refusal, rule, type StackFinding } from "../rule";
import type { ContainerSpec } from "../spec";
import { dollars } from "../words";
import { alwaysOn, workerCost } from "../worker-cost";

interface Limit {
  readonly maxPerHour: number;
}

interface LimitAndPrices extends Limit {
  readonly prices: PriceTable;
}

const PRICES = "RunPod's list prices on the date in the message; see docs/policies.md";

export const hourlyCost = rule<LimitAndPrices>({
  name: "hourly-cost",
  description: "Checks whether a pod's hourly price stays within a limit.",
  severity: "medium",
  level: "advisory",
  why: "At $20 an hour, a pod forgotten on Friday evening has cost a thousand dollars by Sunday night.",
  source: PRICES,
  remediationSteps: "Use fewer or cheaper GPUs, or raise maxPerHour.",
  options: {
    maxPerHour: {
      type: "number",
      default: 20,
      minimum: 0,
      description:
        "USD per hour for the GPUs and disks of one pod, using the most expensive of its GPU types.",
    },
    prices: {
      type: "object",
      default: { date: "", gpus: {} },
      required: ["date", "gpus"],
      description:
        "Prices by GPU type that are newer than the bundled ones, as `runpod-stack prices --into FILE` writes them. The other rules about prices use them, too.",
    },
  },
  hasDoubts: true,
  example: 'gpuTypeIds: ["NVIDIA H100 80GB HBM3"], gpuCount: 8',
  check: ofPods((spec, { maxPerHour }, { prices }) => {
    const price = priceOf(spec, prices);
    if (price === UNKNOWN) {
      return [];
    }
    if (price === undefined) {
      return [unknownPrice(maxPerHour)];
    }
    if (price.perHour <= maxPerHour) {
      return [];
    }
    const message = safe`gpuTypeIds must cost ${dollars(maxPerHour)} an hour or less: ${isKnown(spec.gpuCount) ? spec.gpuCount : 1} × ${price.worstGpu} with its disks costs ${dollars(price.perHour)} at the prices of ${price.date}.`;
    const remedy = safe`Use fewer or cheaper GPUs, or raise maxPerHour in hourly-cost.`;
    return [refusal("gpuTypeIds", message, remedy)];
  }),
});

export const stackCost = rule<Limit>({
  name: "stack-cost",
  description:
    "Checks whether the hourly price of all pods, volumes and always-on workers together stays within a limit.",
  severity: "medium",
  level: "advisory",
  why: "RunPod blocks new deployments at the account's spending limit, which is $80 an hour by default.",
  source: `RunPod docs, pods/pricing; ${PRICES}`,
  remediationSteps: "Use fewer or cheaper GPUs, or raise maxPerHour.",
  options: {
    maxPerHour: {
      type: "number",
      default: 80,
      minimum: 0,
      description:
        "USD per hour for all pods, network volumes and always-on serverless workers of the stack.",
    },
  },
  example: '// 30 pods like this: gpuTypeIds: ["NVIDIA H100 80GB HBM3"]',
  checkStack(items, { maxPerHour }, { prices }) {
    const total = items.reduce((sum, item) => sum + costOf(item, prices), 0);
    if (total <= maxPerHour) {
      return [];
    }
    const finding: StackFinding = refusal(
      "gpuTypeIds",
      safe`The stack must cost ${dollars(maxPerHour)} an hour or less: its pods, volumes and always-on workers with known prices cost ${dollars(total)}.`,
      safe`Use fewer or cheaper GPUs, or raise maxPerHour in stack-cost.`,
    );
    return [finding];
  },
});

export const endOfLife = rule<{ readonly variable: string }>({
  name: "end-of-life",
  description: "Checks whether a pod has a time limit, or a stated reason to have none.",
  severity: "low",
  level: "advisory",
  why: "RunPod never stops a pod on its own. A time limit or a reason shows whoever reads the bill which pods can be deleted.",
  source: "RunPod REST API v2 (no time-to-live); docs/time-limits.md",
  remediationSteps: "Set terminateAfter or stopAfter, or set env END_OF_LIFE to `never: <reason>`.",
  options: {
    variable: {
      type: "string",
      default: "END_OF_LIFE",
      description: "Name of the environment variable that contains `never: <reason>`.",
    },
  },
  example: '// no terminateAfter, no stopAfter, no env: { END_OF_LIFE: "never: production" }',
  check: ofPods((spec, { variable }) => {
    if (spec.terminateAfter !== undefined || spec.stopAfter !== undefined) {
      return [];
    }
    const reason = spec.env.entries[variable];
    if (reason === UNKNOWN || (reason === undefined && !spec.env.isWhole)) {
      return [];
    }
    if (reason !== undefined && /^never: *\S/.test(reason)) {
      return [];
    }
    const message = safe`terminateAfter must be set to a duration such as 8h, or env ${variable} to never: <reason>: RunPod never stops a pod on its own, and a forgotten one bills until your balance runs out.`;
    const remedy = safe`Set terminateAfter or stopAfter. For a pod without a time limit, set env ${variable}, for example to "never: production".`;
    return [refusal("terminateAfter", message, remedy)];
  }),
});

/** Unknown, too, for a pod without GPUs. */
function priceOf(spec: ContainerSpec, prices: PriceTable | undefined) {
  const gpuTypeIds = wholeList(spec.gpuTypeIds);
  const { gpuCount = 1, cloudType = "SECURE", containerDiskInGb = 0, volumeInGb = 0 } = spec;
  const isDecided =
    gpuTypeIds !== undefined &&
    [gpuCount, cloudType, containerDiskInGb, volumeInGb].every((value) => value !== UNKNOWN);
  if (!isDecided) {
    return UNKNOWN;
  }
  const priced = { gpuCount, cloudType, containerDiskInGb, volumeInGb } as PricedFields;
  return hourlyPrice({ gpuTypeIds, ...priced }, prices) ?? undefined;
}

interface PricedFields {
  readonly gpuCount: number;
  readonly cloudType: string;
  readonly containerDiskInGb: number;
  readonly volumeInGb: number;
}

function costOf({ spec }: Item, prices: PriceTable | undefined): number {
  if (spec.kind === "Volume") {
    return isKnown(spec.size) ? volumePricePerHour(spec.size) : 0;
  }
  if (spec.kind === "ServerlessEndpoint") {
    const count = alwaysOn(spec);
    const each = workerCost(spec, prices);
    return isKnown(count) && isKnown(each) ? count * each.perHour : 0;
  }
  const price = spec.kind === "Pod" ? priceOf(spec, prices) : undefined;
  return isKnown(price) ? price.perHour : 0;
}

function unknownPrice(maxPerHour: number): Finding {
  return doubt(
    "gpuTypeIds",
    safe`gpuTypeIds must cost ${dollars(maxPerHour)} an hour or less, but the price of one of these types is unknown.`,
    safe`Check the price, and drop the GPU type if it is too expensive.`,
  );
}
