import * as fc from "fast-check";
import { pluginMs, type StoredKind } from "./faults";

/** What can happen to a whole stack. */
export type Operation = "up" | "refresh" | "destroy";

/** One event in the life of a stack. */
export type Step =
  | { readonly do: Operation }
  /** The program changes: in place, by a restart, or by a replacement. */
  | { readonly do: "edit"; readonly what: "name" | "edition" | "place" }
  /** The plugin process is killed once an operation has made so many calls. */
  | { readonly do: "kill"; readonly during: Operation; readonly after: number }
  /** Somebody else changes an object that the state knows. */
  | { readonly do: "outside"; readonly what: "delete" | "stop" | "rename"; readonly target: number }
  | {
      readonly do: "fault";
      readonly kind: StoredKind;
      readonly method: string;
      readonly effect: string;
      readonly times: number;
    };

/** The most that lists and deletions lag, in the plugin's seconds. */
export const LONGEST_LAG_S = 20;

const operation = fc.constantFrom<Operation>("up", "refresh", "destroy");
const kind = fc.constantFrom<StoredKind>("Pod", "Pod", "Volume", "Template");

const effect = fc.constantFrom(
  "reset:before",
  "reset:after",
  "status:500:before",
  "status:500:after",
  "status:429:before",
  "html",
  "truncate:0",
  "truncate:40",
  `slow:${pluginMs(75)}`,
);
const lag = fc.constantFrom(5, LONGEST_LAG_S).map(pluginMs);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: "up" as const }) },
  { weight: 1, arbitrary: fc.record({ do: operation }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      what: fc.constantFrom("name" as const, "edition" as const, "place" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("kill" as const),
      during: fc.constantFrom<Operation>("up", "up", "refresh", "destroy"),
      after: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("outside" as const),
      what: fc.constantFrom("delete" as const, "stop" as const, "rename" as const),
      target: fc.nat({ max: 9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("fault" as const),
      kind,
      method: fc.constantFrom("POST", "GET", "PATCH", "DELETE"),
      effect,
      times: fc.integer({ min: 1, max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("fault" as const),
      kind: fc.constantFrom<StoredKind>("Pod", "Volume"),
      method: fc.constant("POST"),
      effect: lag.map((ms) => `lag:${ms}:list`),
      times: fc.constant(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("fault" as const),
      kind,
      method: fc.constant("DELETE"),
      effect: lag.map((ms) => `delete-lag:${ms}`),
      times: fc.constant(3),
    }),
  },
);

/** The events of a stack's life, one after the other. */
export const life: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 2, maxLength: 8 });
