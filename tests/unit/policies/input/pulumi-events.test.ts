import { readEvents } from "../../../../policies/src/input/pulumi-events";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";

const events = (...all: object[]) =>
  readEvents("f", all.map((one, sequence) => JSON.stringify({ sequence, ...one })).join("\n"));
const diagnostic = (severity: unknown, message: unknown) => ({
  diagnosticEvent: { severity, message },
});

test("violations have a policy, a level, a resource and a message", () => {
  const policy = (policyEvent: unknown) => ({ policyEvent });
  const { violations } = events(
    policy({ policyName: "a", enforcementLevel: "advisory", resourceUrn: "u", message: " m\n" }),
    policy({ policyName: "b", enforcementLevel: "mandatory", resourceUrn: "", message: "n" }),
    policy({ policyName: "c", enforcementLevel: "other", resourceUrn: 5, message: "" }),
    policy("none"),
    {},
  );
  expect(violations).toEqual([
    { policy: "a", level: "advisory", urn: "u", message: "m" },
    { policy: "b", level: "mandatory", urn: undefined, message: "n" },
    { policy: "c", level: "mandatory", urn: undefined, message: "" },
  ]);
});

test.each([
  ["succeeded", true],
  ["failed", false],
  [undefined, false],
])("a run with the result %s has succeeded: %s", (result, hasSucceeded) => {
  expect(events({ summaryEvent: { result } }).hasSucceeded).toBe(hasSucceeded);
  expect(events({}).hasSucceeded).toBe(false);
});

test("errors are listed without the engine's own summary", () => {
  const { errors } = events(
    diagnostic("info", "hello"),
    diagnostic("error", " it broke\n"),
    diagnostic("error", "preview failed\n"),
    diagnostic("error", "update failed"),
    diagnostic("error", "the preview failed"),
    diagnostic("error", "update failed again"),
  );
  expect(errors).toEqual(["it broke", "the preview failed", "update failed again"]);
});

test.each([
  ["4dabf18193072939515e22adb298388d,,,1b47061264138c4ac30d75fd1eb44270,value,,,x", true],
  ["1b47061264138c4ac30d75fd1eb44270,plaintext,x", true],
  ["1b47061264138c4ac30d75fd1eb44270,ciphertext,x", false],
  ["1b47061264138c4ac30d75fd1eb44270value", false],
  ["1b47061264138c4ac30d75fd1eb44270,values", false],
  ["no secret,value", false],
])("%s holds a secret: %s", (message, holdSecrets) => {
  expect(events(diagnostic("debug", message)).holdSecrets).toBe(holdSecrets);
});

test("a secret's value in JSON is found, and a hidden one is not", () => {
  const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  expect(events({ a: { ...mark, value: "x" } }).holdSecrets).toBe(true);
  expect(events({ a: { ...mark, ciphertext: "[secret]" } }).holdSecrets).toBe(false);
});

test.each([
  ["an event", '{"sequence":1,"summaryEvent":{"result":"succeeded"}}'],
  ["other output before it", 'updating...{"sequence":1,"summaryEvent":{"result":"succeeded"}}'],
  ["spaces in it", '{ "sequence": 1, "summaryEvent": {"result":"succeeded"}}'],
  ["other names before it", '{"a":1,"sequence":1,"summaryEvent":{"result":"succeeded"}}'],
  [
    "lines that are no events",
    'x\n{"a":1}\n{"sequence"\n{"sequence":1,"summaryEvent":{"result":"succeeded"}}\n\n',
  ],
])("is read: %s", (_, text) => {
  expect(readEvents("f", text)).toEqual({
    violations: [],
    hasSucceeded: true,
    errors: [],
    holdSecrets: false,
  });
});

test.each([
  "",
  '{"steps":[]}',
  '"sequence"',
  '["sequence"]',
  '{"a":["sequence"]}',
  '{"sequence"',
  '{"a":"\\"sequence\\""}',
])("%j has no events", (text) => {
  expect(() => readEvents("f", text)).toThrow(
    new UnreadableInput(
      "f has no events of Pulumi's engine. Use the output of `pulumi preview --json` with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true.",
    ),
  );
});
