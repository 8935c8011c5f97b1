import { Secret } from "@pulumi/policy";
import { isRecord } from "./known";

type Props = Readonly<Record<string, unknown>>;

/**
 * The properties behind what Pulumi hands to a policy, where reading an unknown one throws.
 * Descriptors are not intercepted; unknown values appear as the engine sends them.
 */
export function laidBare(props: Props): Props {
  const bare = Object.entries(Object.getOwnPropertyDescriptors(props)).map(
    ([name, { value }]) => [name, withoutSecrets(value)] as const,
  );
  return Object.fromEntries(bare);
}

/** Remediations see secrets as objects. */
function withoutSecrets(value: unknown): unknown {
  if (value instanceof Secret) return withoutSecrets(value.value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutSecrets(item)]),
  );
}
