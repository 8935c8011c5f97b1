import { textOf } from "@runpod-stack/kit";
import { isRecord } from "../known";
import { parseJson } from "./json";
import { UnreadableInput } from "./unreadable";

type Json = Readonly<Record<string, unknown>>;

/** The result of a Pulumi run, from its engine's events. */
export interface Events {
  readonly violations: readonly PolicyViolation[];
  readonly hasSucceeded: boolean;
  readonly errors: readonly string[];
  /** Whether they contain secrets in plain text, as the debug messages of Pulumi's SDK do. */
  readonly holdSecrets: boolean;
}

/** A violation of a policy of any pack. */
export interface PolicyViolation {
  readonly policy: string;
  readonly level: "mandatory" | "advisory";
  /** The resource's URN; undefined for the whole stack. */
  readonly urn: string | undefined;
  readonly message: string;
}

/** A message that only says that there were errors. */
const SUMMARY = /^(?:preview|update) failed$/;

/**
 * Reads the events of a run: lines of JSON.
 * @throws {UnreadableInput} if there are none
 */
export function readEvents(file: string, text: string): Events {
  const events = text.split("\n").flatMap(eventIn);
  if (events.length === 0) {
    throw new UnreadableInput(`${file} ${NO_EVENTS}`);
  }
  const of = (kind: string) => events.map((event) => event[kind]).filter(isRecord);
  return {
    violations: of("policyEvent").map(violationOf),
    hasSucceeded: of("summaryEvent").some(({ result }) => result === "succeeded"),
    errors: of("diagnosticEvent")
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => textOf(message).trim())
      .filter((message) => !SUMMARY.test(message)),
    holdSecrets: PLAIN_SECRET.test(text),
  };
}

/** Pulumi's mark of a secret with a value; other events have "[secret]" as ciphertext. */
const PLAIN_SECRET = /1b47061264138c4ac30d75fd1eb44270[",]+(?:value|plaintext)\b/;

const NO_EVENTS =
  "has no events of Pulumi's engine. Use the output of `pulumi preview --json` with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true.";

/** Other output of Pulumi may precede an event on its line. */
function eventIn(line: string): Json[] {
  if (!line.includes('"sequence"')) {
    return [];
  }
  try {
    const event = parseJson("an event", line.slice(Math.max(line.indexOf('{"sequence"'), 0)));
    return isRecord(event) && "sequence" in event ? [event] : [];
  } catch {
    return [];
  }
}

function violationOf({
  policyName,
  enforcementLevel,
  resourceUrn,
  message,
}: Json): PolicyViolation {
  return {
    policy: textOf(policyName),
    level: enforcementLevel === "advisory" ? "advisory" : "mandatory",
    urn: typeof resourceUrn === "string" && resourceUrn !== "" ? resourceUrn : undefined,
    message: textOf(message).trim(),
  };
}
