import { systemClock } from "../../../provider/src/core/clock";
import { randomId } from "../../../provider/src/core/token";
import { sharedAccount } from "../../../provider/src/http/account";

test("all clients of one account share its gate and its budget, and others do not", () => {
  const name = randomId(8);
  const account = sharedAccount(name, systemClock);
  expect(sharedAccount(name, systemClock)).toBe(account);
  const other = sharedAccount(randomId(8), systemClock);
  expect(other.gate).not.toBe(account.gate);
  expect(other.budget).not.toBe(account.budget);
});

test("so do clients of another copy of this package", () => {
  const name = randomId(8);
  const account = sharedAccount(name, systemClock);
  jest.isolateModules(() => {
    const copy = require("../../../provider/src/http/account");
    expect(copy.sharedAccount).not.toBe(sharedAccount);
    expect(copy.sharedAccount(name, systemClock)).toBe(account);
  });
});
