import { Secret } from "@pulumi/policy";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { MAX_ITEMS } from "./limits";

type Props = Readonly<Record<string, unknown>>;

/**
 * Unwraps the properties that Pulumi passes to a policy, where reading an unknown value throws.
 * Property descriptors are not intercepted, so unknown values appear as the engine sends them.
 */
export function laidBare(props: Props): Props {
  const bare = Object.entries(Object.getOwnPropertyDescriptors(props)).map(
    ([name, { value }]) => [name, withoutSecrets(value, 0)] as const,
  );
  return Object.fromEntries(bare);
}

/** No rule looks deeper: an item of a list is a string, or a secret that contains one. */
const DEEPEST = 4;

/** Remediations see secrets as objects. */
function withoutSecrets(value: unknown, depth: number): unknown {
  const inner = (item: unknown) => withoutSecrets(item, depth + 1);
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (depth > DEEPEST) {
    return UNKNOWN;
  }
  if (value instanceof Secret) {
    return inner(value.value);
  }
  if (Array.isArray(value)) {
    return value.map(inner);
  }
  // One item above the limit, so that the rules notice the excess.
  const entries = Object.entries(value).slice(0, MAX_ITEMS + 1);
  return Object.fromEntries(entries.map(([name, item]) => [name, inner(item)]));
}
