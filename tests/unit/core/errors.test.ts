import { safe } from "@runpod-stack/kit";
import { isRunpodError, RunpodError, UserError } from "../../../provider/src/core/errors";

/** The class of another copy of the package in the same process. */
function anotherCopy(): typeof import("../../../provider/src/core/errors") {
  let copy: typeof import("../../../provider/src/core/errors") | undefined;
  jest.isolateModules(() => {
    copy = require("../../../provider/src/core/errors");
  });
  if (copy === undefined) {
    throw new Error("no copy");
  }
  return copy;
}

describe("RunpodError", () => {
  const error = new RunpodError(safe`reading pod abc: 404 Not Found`, {
    kind: "notFound",
    status: 404,
  });

  test("distinguishes its kinds", () => {
    expect(isRunpodError(error)).toBe(true);
    expect(isRunpodError(error, "notFound")).toBe(true);
    expect(isRunpodError(error, "server")).toBe(false);
  });

  test("is recognized by another copy of the package", () => {
    const copy = anotherCopy();
    expect(copy.RunpodError).not.toBe(RunpodError);
    expect(error).toBeInstanceOf(copy.RunpodError);
    expect(copy.isRunpodError(error, "notFound")).toBe(true);
  });

  test("is no other error", () => {
    for (const value of [new Error("no"), new UserError(safe`No.`), null, undefined, "text", {}]) {
      expect(isRunpodError(value)).toBe(false);
    }
  });

  test("keeps its cause", () => {
    const cause = new Error("reset");
    expect(new RunpodError(safe`lost`, { kind: "ambiguous", cause }).cause).toBe(cause);
  });
});

describe("UserError", () => {
  const error = new UserError(safe`No API key is set.`);

  test("has only its message as a stack", () => {
    expect(error.stack).toBe("No API key is set.");
  });

  test("is recognized by another copy of the package, and is not a RunpodError", () => {
    const copy = anotherCopy();
    expect(error).toBeInstanceOf(copy.UserError);
    expect(error).not.toBeInstanceOf(copy.RunpodError);
    expect(new Error("No.")).not.toBeInstanceOf(UserError);
  });
});
