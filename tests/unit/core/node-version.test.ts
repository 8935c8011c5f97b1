import { nodeProblem } from "../../../provider/src/core/node-version";

const { engines } = jest.requireActual<{ engines: { node: string } }>(
  "../../../provider/package.json",
);

test("the required version is the one in package.json, which has no other", () => {
  expect(engines.node).toBe(">=22.19");
});

test.each(["18.20.8", "20.20.2", "22.12.0", "22.18.0"])("Node.js %s is too old", (node) => {
  expect(nodeProblem({ node }, "/usr/bin/node")).toBe(
    `@runpod-stack/provider needs Node.js 22.19 or newer; this is v${node} (/usr/bin/node). Install a newer Node.js, put it first on PATH, and run the command again.`,
  );
});

test.each(["22.19.0", "22.23.3", "24.21.0", "25.9.0", "100.0.0", "24.0.0-nightly2026"])(
  "Node.js %s is new enough",
  (node) => {
    expect(nodeProblem({ node }, "/usr/bin/node")).toBeUndefined();
  },
);

test("Bun is accepted whatever Node.js version it reports", () => {
  expect(nodeProblem({ node: "22.6.0", bun: "1.2.0" }, "/usr/bin/bun")).toBeUndefined();
});
