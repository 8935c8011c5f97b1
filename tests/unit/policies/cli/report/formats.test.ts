import { trusted } from "@runpod-stack/kit";
import { Command, type Terminal } from "@runpod-stack/kit/command";
import { reportOf, withFormats } from "../../../../../policies/src/cli/report/formats";
import { DISK, EXTENT, violation, waiver } from "./violations";

const TERMINAL = { stdout: {}, env: {} } as unknown as Terminal;
const EXTENSIVE = { ...EXTENT, waived: [waiver] };
const long = "x".repeat(400);

test.each([
  [{ json: true }, /^\{\n/],
  [{ sarif: true }, /^\{"\$schema":.*\}$/],
  [{ markdown: true }, /^\*\*Refused: .*explain container-disk-size`$/s],
  [{ codeQuality: true }, /^\[\n.*\]$/s],
  [{}, /^Pod a\n/],
] as const)("%j chooses the format", (formats, text) => {
  expect(reportOf([DISK], formats, TERMINAL)).toMatch(text);
});

test("every format but code quality, which has no place for it, shows waivers and extent", () => {
  const shown = (formats: object) => reportOf([DISK], formats, TERMINAL, EXTENSIVE);
  expect(shown({})).toContain("2 pods judged by 3 rules; 1 not judged: it is odd. 1 waived.");
  expect(shown({ markdown: true })).toContain("2 pods judged by 3 rules");
  expect(shown({ sarif: true })).toContain('"justification":"baked in (until 2027-03-31)"');
  expect(shown({ json: true })).toContain('"reason": "baked in"');
});

test("people see names of at most 300 characters, without hidden ones, and programs see all", () => {
  const hostile = violation({ rule: `r${long}`, resource: `u\u200b\n${long}` });
  const extent = {
    waived: [{ ...waiver, resource: long }],
    summary: { ...EXTENT.summary, unjudged: [{ resource: long, why: trusted("odd") }] },
  };
  const text = reportOf([hostile], {}, TERMINAL, extent);
  expect(text).not.toContain("\u200b");
  expect(text).not.toContain("x".repeat(301));
  expect(text).toContain("x".repeat(280));
  const sarif = JSON.parse(reportOf([hostile], { sarif: true }, TERMINAL, extent));
  expect(JSON.stringify(sarif)).not.toContain("x".repeat(301));
  expect(sarif.runs[0].properties.unjudged[0].why).toBe("odd");
  const json = JSON.parse(reportOf([hostile], { json: true }, TERMINAL, extent));
  expect(json.unjudged[0].resource).toBe(long);
});

test("a table shows file names of at most 300 characters, on one line", () => {
  const place = { file: `a\n${long}`, line: 7 };
  const table = reportOf([violation({ place })], { markdown: true }, TERMINAL);
  expect(table).not.toContain("x".repeat(301));
  expect(table).toMatch(/<br>a `x{280,}…?.*:7` \|/);
});

test.each([
  [["--json", "--sarif"]],
  [["--json", "--markdown"]],
  [["--sarif", "--code-quality"]],
  [["--markdown", "--code-quality"]],
])("%j cannot be used together", (args) => {
  const command = withFormats(new Command("c").exitOverride()).configureOutput({
    writeErr: () => {},
  });
  expect(() => command.parse(args, { from: "user" })).toThrow(/cannot be used with/);
});

test.each(["--json", "--sarif", "--markdown", "--code-quality"])("%s is a format", (option) => {
  const command = withFormats(new Command("c").exitOverride());
  expect(Object.values(command.parse([option], { from: "user" }).opts())).toEqual([true]);
});
