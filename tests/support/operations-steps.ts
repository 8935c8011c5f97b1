import * as fc from "fast-check";

/** What can be created at RunPod. */
export type Kind = "Pod" | "Volume" | "Template";

/** What happens to a program, or to a state without it. */
export type Edit =
  | { readonly do: "nothing" }
  | { readonly do: "add"; readonly kind: Kind; readonly inComponent: boolean }
  | { readonly do: "remove" | "retain" | "alias"; readonly which: number }
  /** With `again`, the program goes on to ask for a resource of the old name. */
  | {
      readonly do: "state rename" | "state move" | "state delete";
      readonly which: number;
      readonly again: boolean;
    }
  | { readonly do: "provider"; readonly name: "one" | "two" | null }
  /** Somebody has made an object by hand, and it is imported by a file. */
  | { readonly do: "import"; readonly kind: "Pod" | "Volume" };

/** The command that runs then. */
export type Run =
  | { readonly do: "nothing" | "up" | "up --plan" | "refresh" | "up --refresh" | "destroy" }
  | { readonly do: "up --target"; readonly which: number }
  /** `up` is killed once RunPod was asked for so many objects, or has ended before. */
  | { readonly do: "kill"; readonly posts: number };

/** One thing that a user does with one of two stacks. */
export interface Step {
  readonly stack: 0 | 1;
  readonly edit: Edit;
  readonly run: Run;
}

const which = fc.nat({ max: 5 });
const kind = fc.constantFrom<Kind>("Pod", "Pod", "Volume", "Template");

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ do: "nothing" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("add" as const), kind, inComponent: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("remove", "retain", "alias"), which }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("state rename", "state move", "state delete"),
      which,
      again: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("provider" as const),
      name: fc.constantFrom("one" as const, "two" as const, null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("import" as const),
      kind: fc.constantFrom("Pod" as const, "Volume" as const),
    }),
  },
);

const run: fc.Arbitrary<Run> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ do: "nothing" as const }) },
  { weight: 8, arbitrary: fc.constant({ do: "up" as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("kill" as const),
      posts: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("up --plan", "up --refresh", "refresh", "destroy"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("up --target" as const), which }) },
);

/** What happens to two stacks, in order. */
export const sequence: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ stack: fc.constantFrom(0 as const, 0 as const, 1 as const), edit, run }),
  { minLength: 5, maxLength: 6 },
);
