import { MAX_COMMAND_LENGTH } from "@runpod-stack/models";
import { seal } from "@runpod-stack/provider/schema";
import { beyondLimits } from "../../../policies/src/beyond-limits";

const x = (length: number) => "x".repeat(length);
const list = (count: number) => Array(count).fill("a");
const map = (count: number) => Object.fromEntries(list(count).map((_, n) => [`A${n}`, "a"]));
const COMMAND = `it has more than ${MAX_COMMAND_LENGTH} characters`;
const TEXT = "it has more than 4096 characters";

test.each<[title: string, name: string, value: unknown]>([
  ["a text", "imageName", x(4_096)],
  ["a list", "ports", list(1_000)],
  ["a list of texts", "ports", [x(4_096), x(4_096)]],
  ["a number", "gpuCount", 5],
  ["nothing", "imageName", undefined],
  ["a map", "other", { a: x(5_000) }],
  ["a command", "dockerStartCmd", [x(MAX_COMMAND_LENGTH - 3), "a"]],
  ["a command of many words", "dockerEntrypoint", list(1_001)],
  ["a command without text", "dockerStartCmd", [5, null]],
  ["variables", "env", map(1_000)],
  ["a variable", "env", { [x(4_096)]: x(MAX_COMMAND_LENGTH) }],
  ["variables of another form", "env", x(10_000)],
])("%s as large as allowed is within the limits", (_, name, value) => {
  expect(beyondLimits(name, value)).toBeUndefined();
});

test.each<[title: string, name: string, value: unknown, clause: string]>([
  ["a text", "imageName", x(4_097), TEXT],
  ["a list", "ports", list(1_001), "it has more than 1000 items"],
  ["one of several texts", "ports", ["a", x(4_097), "b"], TEXT],
  ["a secret text in a list", "ports", [seal(x(4_097))], TEXT],
  ["a command", "dockerStartCmd", [x(MAX_COMMAND_LENGTH - 2), "a"], COMMAND],
  ["an entrypoint", "dockerEntrypoint", x(MAX_COMMAND_LENGTH), COMMAND],
  ["variables", "env", map(1_001), "it has more than 1000 variables"],
  ["a variable's name", "env", { A: "a", [x(4_097)]: "b" }, TEXT],
  ["a variable's value", "env", { A: x(MAX_COMMAND_LENGTH + 1), B: "a" }, COMMAND],
  ["a variable's secret value", "env", { A: seal(x(MAX_COMMAND_LENGTH + 1)) }, COMMAND],
])("%s that is larger is beyond them", (_, name, value, clause) => {
  expect(beyondLimits(name, value)).toBe(clause);
});
