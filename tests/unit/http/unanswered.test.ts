import { faultOf } from "../../../provider/src/http/unanswered";

test("an error is reported by its message", () => {
  expect(faultOf(Object.assign(new Error("it broke"), { code: "ECONNRESET" }))).toBe("it broke");
});

test("an error without a message is reported by its code", () => {
  // As Node.js has it if no address of a host can be reached.
  const error = Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" });
  expect(faultOf(error)).toBe("ECONNREFUSED");
});

test("an error without either is reported by its name", () => {
  expect(faultOf(new TypeError())).toBe("TypeError");
});
