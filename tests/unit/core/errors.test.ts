import { safe } from "@runpod-stack/kit";
import { isRunpodError, RunpodError, UserError } from "../../../provider/src/core/errors";

/** The class as another copy of the package in the same process has it. */
function anotherCopy(): typeof import("../../../provider/src/core/errors") {
  let copy: typeof import("../../../provider/src/core/errors") | undefined;
  jest.isolateModules(() => {
    copy = require("../../../provider/src/core/errors");
  });
  if (copy === undefined) throw new Error("no copy");
  return copy;
}

describe("RunpodError", () => {
  const error = new RunpodError(safe`reading pod abc: 404 Not Found`, {
    kind: "notFound",
    status: 404,
  });

  test("tells its kind apart", () => {
    expect(isRunpodError(error)).toBe(true);
    expect(isRunpodError(error, "notFound")).toBe(true);
    expect(isRunpodError(error, "server")).toBe(false);
  });

  test("is recognised by another copy of the package", () => {
    const copy = anotherCopy();
    expect(copy.RunpodError).not.toBe(RunpodError);
    expect(error).toBeInstanceOf(copy.RunpodError);
    expect(copy.isRunpodError(error, "notFound")).toBe(true);
  });

  test("is nothing else", () => {
    for (const value of [new Error("no"), new UserError(safe`No.`), null, undefined, "text", {}]) {
      expect(isRunpodError(value)).toBe(false);
    }
  });

  test("keeps what it was caused by", () => {
    const cause = new Error("reset");
    expect(new RunpodError(safe`lost`, { kind: "ambiguous", cause }).cause).toBe(cause);
  });
});

describe("UserError", () => {
  const error = new UserError(safe`No API key is set.`);

  test("has no stack but its message", () => {
    expect(error.stack).toBe("No API key is set.");
  });

  test("is recognised by another copy of the package, and is no RunpodError", () => {
    const copy = anotherCopy();
    expect(error).toBeInstanceOf(copy.UserError);
    expect(error).not.toBeInstanceOf(copy.RunpodError);
    expect(new Error("No.")).not.toBeInstanceOf(UserError);
  });
});
