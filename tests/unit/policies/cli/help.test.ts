import { readFileSync } from "node:fs";
import path from "node:path";
import { run } from "./run";

/** What each command shows with --help, at 100 columns. */
const HELP = readFileSync(path.join(__dirname, "help.txt"), "utf8")
  .split(/^\$ runpod-policies(.*) --help\n/m)
  .slice(1);
const COMMANDS = HELP.flatMap((command, index) =>
  index % 2 === 0 ? [[command.trim(), HELP[index + 1]] as const] : [],
);

test.each(COMMANDS)("the help of %j is the one in help.txt", async (command, text) => {
  const args = [command, "--help"].filter((arg) => arg !== "");
  const { status, stdout, stderr } = await run(args, { env: { COLUMNS: "100" } });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(text);
});

test("help.txt has every command", () => {
  expect(COMMANDS.map(([command]) => command)).toEqual([
    ...["", "check", "report", "explain", "config", "size"],
  ]);
});
