import { run } from "./run";

const SUCCEEDED = { summaryEvent: { result: "succeeded" } };

function report(events: object[], ...args: string[]) {
  const lines = events.map((event, sequence) => JSON.stringify({ sequence, ...event }));
  return run(["report", ...args, "-"], { input: lines.join("\n") });
}

const violation = (more: object) => ({
  policyEvent: { policyName: "r", enforcementLevel: "advisory", message: "m", ...more },
});

test("a violation has a message, a remedy on further lines, and what this pack knows of its rule", async () => {
  const events = [
    violation({ policyName: "image-pinned", resourceUrn: "u", message: "a \n b\nc\n" }),
    violation({ enforcementLevel: "mandatory" }),
    SUCCEEDED,
  ];
  const { status, stdout } = await report(events, "--json", "--program", "infra");
  const place = { file: "infra/Pulumi.yaml", line: 1 };
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    violations: [
      {
        rule: "image-pinned",
        level: "advisory",
        severity: "medium",
        resource: "u",
        message: "a ",
        remedy: "b c",
        url: "https://www.npmjs.com/package/@runpod-stack/policies#image-pinned",
        ...place,
      },
      {
        rule: "r",
        level: "mandatory",
        resource: "the whole stack",
        message: "m",
        remedy: "",
        ...place,
      },
    ],
  });
});

test("the folder of the program is this one by default", async () => {
  const { stdout } = await report([violation({}), SUCCEEDED], "--json");
  expect(JSON.parse(stdout).violations[0].file).toBe("Pulumi.yaml");
});

test("escape sequences and hidden characters are not shown", async () => {
  const message = "a\u001b[31mred\u200b";
  const { stdout } = await report([violation({ message }), SUCCEEDED], "--json");
  expect(JSON.parse(stdout).violations[0].message).toBe("ared");
});

test("all errors of a preview that failed are listed", async () => {
  const error = (message: string) => ({ diagnosticEvent: { severity: "error", message } });
  const failed = await report([error("a\nb"), error("c"), violation({})]);
  expect(failed).toEqual({
    status: 2,
    stdout: "",
    stderr: "The preview failed, so it was not checked:\na\nb\nc\n",
  });
  const passed = await report([error("a\nb"), error("c"), SUCCEEDED]);
  expect(passed).toEqual({ status: 0, stdout: "Passed.\n", stderr: "a\nb\nc\n" });
});
