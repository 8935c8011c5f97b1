import path from "node:path";
import { showProgramOnly } from "../../../provider/src/resources/stacks";

/** As Pulumi reads its own: every frame from a constructor on. */
class Resource {
  readonly frames: readonly string[];

  constructor() {
    this.frames = String(new Error().stack).split("\n").slice(1);
  }
}

class DynamicResource extends Resource {
  constructor() {
    const showAll = showProgramOnly("DynamicResource");
    try {
      super();
    } finally {
      showAll();
    }
  }
}

class Pod extends DynamicResource {}

const prepare = Error.prepareStackTrace;
let prepared: number;

beforeEach(() => {
  prepared = 0;
  // As source-map-support does it, which Pulumi loads.
  Error.prepareStackTrace = (error, frames) => {
    prepared += frames.length;
    return [String(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
});

afterEach(() => {
  Error.prepareStackTrace = prepare;
});

function program(): Pod {
  return new Pod();
}

test("a stack has the program's frames alone, where Pulumi expects them", () => {
  const { frames } = program();
  expect(frames.slice(0, 2)).toEqual(["    at Pulumi", "    at Pulumi"]);
  expect(frames[2]).toContain(`at program (${path.join(__dirname, "stacks.test.ts")}`);
  expect(frames.join("\n")).not.toMatch(/new Pod|new DynamicResource|node:/);
  expect(prepared).toBe(frames.length - 2);
});

test("a stack that does not reach up to the program costs nothing", () => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  expect(program().frames).toEqual([]);
  Error.stackTraceLimit = stackTraceLimit;
  expect(prepared).toBe(0);
});

test("other stacks are as they were, also after a constructor that throws", () => {
  class Broken extends DynamicResource {
    override readonly frames: never = (() => {
      throw new Error("broken");
    })();
  }
  expect(() => new Broken()).toThrow("broken");
  expect(new Error("other").stack).toMatch(/^Error: other\n {4}at .*stacks\.test\.ts/);
});

test("nothing is changed where stacks are not prepared", () => {
  Error.prepareStackTrace = undefined as never;
  showProgramOnly("DynamicResource")();
  expect(Error.prepareStackTrace).toBeUndefined();
});
