import { RetryBudget } from "../../../provider/src/http/retry-budget";

function takeAll(budget: RetryBudget): number {
  let taken = 0;
  while (budget.take()) {
    taken += 1;
  }
  return taken;
}

test("twenty repetitions may be made, and then none", () => {
  const budget = new RetryBudget();
  expect(takeAll(budget)).toBe(20);
  expect(budget.take()).toBe(false);
});

test("five calls that succeed immediately earn one", () => {
  const budget = new RetryBudget();
  takeAll(budget);
  for (let call = 0; call < 4; call++) {
    budget.succeed(0);
  }
  expect(budget.take()).toBe(false);
  budget.succeed(0);
  expect(takeAll(budget)).toBe(1);
});

test("a call that succeeds in the end returns what it took", () => {
  const budget = new RetryBudget();
  takeAll(budget);
  budget.succeed(3);
  expect(takeAll(budget)).toBe(3);
});

test("the budget never exceeds its initial size", () => {
  const budget = new RetryBudget();
  for (let call = 0; call < 500; call++) {
    budget.succeed(2);
  }
  expect(takeAll(budget)).toBe(20);
});
