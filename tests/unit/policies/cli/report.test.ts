import { createReadStream, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "./run";

const URN = "urn:pulumi:preview::llm::pulumi-nodejs:dynamic/runpod:Pod::llm";
const DISK = {
  policyName: "container-disk-size",
  policyPackName: "runpod",
  enforcementLevel: "mandatory",
  resourceUrn: URN,
  message: "containerDiskInGb 20 must be 87 or more.\nSet containerDiskInGb to 87.\n",
};
const FOREIGN = {
  policyName: "pod-name",
  policyPackName: "acme",
  enforcementLevel: "advisory",
  message: "There must be a pod.\n",
};
const SUCCEEDED = { summaryEvent: { result: "succeeded" } };
const REFUSED = [
  { diagnosticEvent: { severity: "error", message: "preview failed\n" } },
  { summaryEvent: { result: "failed" } },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-policies-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(events: object[], ...args: string[]) {
  const lines = events.map((event, sequence) => JSON.stringify({ sequence, ...event }));
  return run(["report", ...args, "-"], { input: `${lines.join("\n")}\n` });
}

function preview(content: unknown): string {
  const place = path.join(folder, "preview.json");
  writeFileSync(place, JSON.stringify(content));
  return place;
}

describe("runpod-policies report", () => {
  test("shows what all packs found, and ends with status 1 if something is refused", async () => {
    const events = [{ policyEvent: FOREIGN }, { policyEvent: DISK }, ...REFUSED];
    const { status, stdout, stderr } = await report(events);
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toBe(`the whole stack
  advice   pod-name
           There must be a pod.

Pod llm
  refused  container-disk-size
           containerDiskInGb 20 must be 87 or more.
           Set containerDiskInGb to 87.

Refused: 1 mandatory, 1 advisory.
`);
  });

  test("ends with status 0 if packs gave advice, or reported nothing", async () => {
    const advised = await report([{ policyEvent: FOREIGN }, SUCCEEDED]);
    expect(advised).toMatchObject({ status: 0, stderr: "" });
    expect(advised.stdout).toMatch(/\nPassed, with 1 piece of advice\.\n$/);
    expect(await report([SUCCEEDED])).toEqual({ status: 0, stdout: "Passed.\n", stderr: "" });
  });

  test("ends with status 2 and the reason if the preview failed, or never ended", async () => {
    const failed = [
      { diagnosticEvent: { severity: "info", message: "hello\n" } },
      { diagnosticEvent: { severity: "error", message: "Missing required variable 'a:b'\n" } },
      { policyEvent: FOREIGN },
      { summaryEvent: { result: "failed" } },
    ];
    expect(await report(failed)).toEqual({
      status: 2,
      stdout: "",
      stderr: "The preview failed, so it was not checked:\nMissing required variable 'a:b'\n",
    });
    expect(await report([{ policyEvent: FOREIGN }])).toMatchObject({ status: 2, stdout: "" });
  });

  test("shows a refusal and the failure if there are both", async () => {
    const [, summary] = REFUSED;
    const error = { diagnosticEvent: { severity: "error", message: "it throws\n" } };
    const { status, stdout, stderr } = await report([{ policyEvent: DISK }, error, { ...summary }]);
    expect([status, stderr]).toEqual([1, "it throws\n"]);
    expect(stdout).toMatch(/\nRefused: 1 mandatory, 0 advisory\.\n$/);
  });

  test("shows lines of the program from the preview's result", async () => {
    const position = { sourcePosition: "project:///index.ts#4,13" };
    const result = preview({ steps: [{ newState: { urn: URN, stackTrace: [position] } }] });
    const events = [{ policyEvent: DISK }, { policyEvent: FOREIGN }, ...REFUSED];
    const { stdout } = await report(events, "--sarif", "--preview", result, "--program", "infra");
    const [{ results }] = JSON.parse(stdout).runs;
    expect(results).toMatchObject([
      {
        ruleId: "container-disk-size",
        ruleIndex: 0,
        level: "error",
        message: { text: "containerDiskInGb 20 must be 87 or more. Set containerDiskInGb to 87." },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "infra/index.ts" },
              region: { startLine: 4 },
            },
            logicalLocations: [{ fullyQualifiedName: URN }],
          },
        ],
      },
      {
        ruleId: "pod-name",
        level: "warning",
        message: { text: "There must be a pod." },
        locations: [{ physicalLocation: { artifactLocation: { uri: "infra/Pulumi.yaml" } } }],
      },
    ]);
    expect(results[1]).not.toHaveProperty("ruleIndex");
  });

  test("explains rules of this pack only", async () => {
    const markdown = async (event: object) =>
      (await report([{ policyEvent: event }, SUCCEEDED], "--markdown")).stdout;
    expect(await markdown({ ...DISK, enforcementLevel: "advisory" })).toContain("explain");
    expect(await markdown(FOREIGN)).not.toContain("explain");
  });

  describe("of events that contain secrets", () => {
    const wrapped = "4dabf18193072939515e22adb298388d,,,1b47061264138c4ac30d75fd1eb44270,value,,,";
    const message = `RegisterResource RPC finished: resource:llm; err: null, resp: ${URN},env,,,,,TOKEN,,,,,${wrapped}hf_SECRET,,\n`;
    const hidden = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "[secret]",
    };
    const shown = { resourcePreEvent: { metadata: { new: { inputs: { TOKEN: hidden } } } } };
    const debug = { diagnosticEvent: { severity: "debug", message } };

    function kept(...events: object[]): string {
      const place = path.join(folder, "events");
      const lines = events.map((event, sequence) => JSON.stringify({ sequence, ...event }));
      writeFileSync(place, `${lines.join("\n")}\n`);
      return place;
    }

    test("warns about the file, without showing them", async () => {
      const file = kept(debug, shown, SUCCEEDED);
      const { status, stdout, stderr } = await run(["report", file]);
      expect([status, stdout]).toEqual([0, "Passed.\n"]);
      expect(stderr).toMatch(
        /^Warning: .*events contains secrets in plain text, .*\. Delete the file.*`runpod-policies report -`\.\n$/,
      );
      expect(stderr).not.toContain("hf_SECRET");
    });

    test("warns about a file behind standard input, too", async () => {
      const stdin = createReadStream("", { fd: openSync(kept(debug, SUCCEEDED), "r") });
      const { stderr } = await run(["report", "-"], { stdin });
      expect(stderr).toMatch(/^Warning: standard input contains secrets/);
    });

    test("does not warn about a pipe, or about a file without secrets", async () => {
      expect(await report([debug, SUCCEEDED])).toMatchObject({ status: 0, stderr: "" });
      expect(await run(["report", kept(shown, SUCCEEDED)])).toMatchObject({ stderr: "" });
    });
  });

  test("finds events after other output of Pulumi on the same line", async () => {
    const input = `@ previewing update....${JSON.stringify({ sequence: 0, policyEvent: DISK })}\n${JSON.stringify({ sequence: 1, ...SUCCEEDED })}\n`;
    const { status, stdout } = await run(["report", "-"], { input });
    expect(status).toBe(1);
    expect(stdout).toContain("Refused: 1 mandatory");
  });

  test("ends with status 2 for input that is not a preview", async () => {
    const { status, stderr } = await run(["report", "-"], { input: '{"steps": []}\n' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^standard input has no events of Pulumi's engine\. Use .*STREAMING/);
    const other = await report([SUCCEEDED], "--preview", preview({ name: "pod" }));
    expect(other.status).toBe(2);
    expect(other.stderr).toMatch(/preview\.json is not the output of `pulumi preview --json`\.\n$/);
  });
});
