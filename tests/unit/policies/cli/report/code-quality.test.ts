import { safe } from "@runpod-stack/kit";
import { asCodeQuality } from "../../../../../policies/src/cli/report/code-quality";
import type { Reported } from "../../../../../policies/src/cli/report/reported";
import { HOSTILE_PATHS, PATHS } from "./paths";
import { DISK, violation } from "./violations";

function issueOf(violation: Partial<Reported>) {
  const place = { file: "f", line: 3 };
  const whole = { rule: "r", level: "advisory", resource: "u", place, message: "m", remedy: "" };
  const [issue] = JSON.parse(asCodeQuality([{ ...whole, ...violation } as Reported]));
  return issue;
}

describe("GitLab's code quality report", () => {
  test.each(PATHS)("shows the file %j as %j", (file, inRepository) => {
    const { location } = issueOf({ place: { file, line: 3 } });
    expect(location).toEqual({ path: inRepository, lines: { begin: 3 } });
  });

  test.each(HOSTILE_PATHS)("shows the repository instead of %j", (file) => {
    expect(issueOf({ place: { file, line: 3 } }).location.path).toBe(".");
  });

  test("has no GitLab placeholders in a description", () => {
    const { description } = issueOf({ message: safe`%{strong_start}Approved%{strong_end} 100%` });
    expect(description).toBe("% {strong_start}Approved% {strong_end} 100%");
  });

  test("has an issue for each violation", () => {
    const text = asCodeQuality([DISK, violation({ remedy: safe`` })]);
    expect(text).toMatch(/^\[\n {2}\{[\s\S]*\]\n$/);
    const location = { path: "pods/a.yaml", lines: { begin: 3 } };
    const fingerprint = expect.stringMatching(/^[0-9a-f]{16}:1$/);
    expect(JSON.parse(text)).toEqual([
      {
        description: "It is wrong. Set it to 5.",
        check_name: "container-disk-size",
        severity: "blocker",
        fingerprint,
        location,
      },
      { description: "It is wrong.", check_name: "r", severity: "minor", fingerprint, location },
    ]);
  });
});
