import { UNKNOWN } from "@runpod-stack/provider/schema";
import { isPlaceholder, withoutPlaceholders } from "../../../../policies/src/input/placeholders";

const long = (length: number) => "a".repeat(length);

test.each([
  ...[`\${A}`, `x\${A}y`, "$(id)", "x$(id)", "$A", "$a_1"],
  ...["{{ .Values.a }}", "{{a}}:v1", "#{a}#", "<%= a %>", "<your token>", "%A%", "%a_1%"],
  ...["__A__", "@ab@", "[[ a ]]", "[[]]", "your-token", "YOUR_KEY", "your key"],
  ...["xxx", "XXXX", "todo", "Todo", "changeme", "replaceme", "replace-me", "REPLACE_ME"],
  ...["{{ RUNPOD_SECRET_a }} {{ b }}", "{{ RUNPOD_SECRET_ }}", "{{ RUNPOD_SECRETS }}", UNKNOWN],
])("%j is a placeholder", (text) => {
  expect(isPlaceholder(text)).toBe(true);
});

test.each([
  ...["", "a", "xx", "xxxa", "axxx", "todos", "a todo", "changeme2", "my-changeme"],
  ...["replace  me", "yours", "my your-token", "a$A", "$A/b", "$"],
  ...["a<b>", "<b>c", "<>", "a%A%", "%A%b", "%%", "a__A__", "__A__b", "__", "a@b@", "@b@c", "@@"],
  ...["a[[b]]", "[[b]]c", "[b]", "{a}", "{{", "}}", "#a", "<%", "50%", "a@b.c"],
  ...["{{ RUNPOD_SECRET_a }}", "{{RUNPOD_SECRET_a-b.c/d}}", "x{{ RUNPOD_SECRET_a }}y"],
  ...["{{ RUNPOD_SECRET_a }}{{ RUNPOD_SECRET_b }}", "<{{ RUNPOD_SECRET_a }}>"],
  ...[5, null, [`\${A}`]],
])("%j is not a placeholder", (value) => {
  expect(isPlaceholder(value)).toBe(false);
});

test("a string as long as a placeholder may be is searched, and a longer one is not", () => {
  expect(isPlaceholder(`\${A}${long(996)}`)).toBe(true);
  expect(isPlaceholder(`\${A}${long(997)}`)).toBe(false);
});

test.each([
  [`\${`, "}"],
  ["$(", ")"],
  ["{{", "}}"],
  ["#{", "}"],
  ["x<%", "%>"],
])("between %s and %s are at most 200 characters", (start, end) => {
  expect(isPlaceholder(`${start}${long(200)}${end}`)).toBe(true);
  expect(isPlaceholder(`${start}${long(201)}${end}`)).toBe(false);
});

/** The findings of a body as "certainty field: message remedy". */
const findings = (body: Record<string, unknown>) =>
  withoutPlaceholders(body).findings.map(
    ({ certainty, field, message, remedy }) => `${certainty} ${field}: ${message} ${remedy}`,
  );
const REMEDY = "Fill it in before you run the check.";
const SAYS = "is an unfilled placeholder, so its value cannot be checked.";

test.each<[body: Record<string, unknown>, finding: string]>([
  [{ imageName: "$IMAGE" }, `certain imageName: imageName "$IMAGE" ${SAYS} ${REMEDY}`],
  [{ ports: ["a", "$P"] }, `certain ports: ports[1] "$P" ${SAYS} ${REMEDY}`],
  [{ mounts: { a: { b: "$P" } } }, `certain mounts: mounts.a.b "$P" ${SAYS} ${REMEDY}`],
  [{ env: { A: "$A" } }, `doubtful env: env.A ${SAYS} ${REMEDY}`],
  [{ dockerStartCmd: ["$A"] }, `doubtful dockerStartCmd: dockerStartCmd[0] "$A" ${SAYS} ${REMEDY}`],
  [{ args: "$A" }, `doubtful args: args "$A" ${SAYS} ${REMEDY}`],
  [{ cmd: ["$A"] }, `doubtful cmd: cmd[0] "$A" ${SAYS} ${REMEDY}`],
  [{ entrypoint: ["$A"] }, `doubtful entrypoint: entrypoint[0] "$A" ${SAYS} ${REMEDY}`],
  [{ argsOf: "$A" }, `certain argsOf: argsOf "$A" ${SAYS} ${REMEDY}`],
  [{ environment: "$A" }, `certain environment: environment "$A" ${SAYS} ${REMEDY}`],
  [{ ports: ["$A", "$B"] }, `certain ports: ports[0] "$A" ${SAYS} ${REMEDY}`],
])("%j is reported once for each field", (body, finding) => {
  expect(findings(body)).toEqual([finding]);
});

test.each([
  ...["name", "readme", "startScript", "start_script", "StartScript", "x-anchor", "$schema"],
])("%s may contain anything", (field) => {
  expect(withoutPlaceholders({ [field]: "$A" })).toEqual({
    filled: { [field]: "$A" },
    findings: [],
  });
});

test.each(["names", "hostname", "readmes", "startScripts", "ax-b", "$schemas"])(
  "%s may not",
  (field) => {
    expect(withoutPlaceholders({ [field]: "$A" }).filled).toEqual({ [field]: UNKNOWN });
  },
);

test("a placeholder counts as unknown, and the rest stays as it is", () => {
  const body = { a: [1, { b: "$B", c: null }], d: "text", e: true };
  expect(withoutPlaceholders(body).filled).toEqual({ ...body, a: [1, { b: UNKNOWN, c: null }] });
});

describe("a command with what looks like a placeholder", () => {
  test.each([
    ...["bash", "sh", "/bin/sh", "dash", "zsh", "ash", "sh -c x", "x sh"],
    ...["a; b", "a && b", "a | b", "a\nb"],
  ])("is accepted if a shell runs it: %j", (word) => {
    expect(findings({ dockerEntrypoint: [word], dockerStartCmd: ["$(id)"] })).toEqual([]);
    expect(findings({ entrypoint: [word], cmd: ["$(id)"] })).toEqual([]);
    expect(findings({ args: `${word} $(id)`, imageName: "$A" })).toHaveLength(1);
  });

  test.each(["bashful", "vllm", "mysh", "fish", "shx"])("is doubtful otherwise: %j", (word) => {
    expect(findings({ dockerEntrypoint: [word], dockerStartCmd: ["$(id)"] })).toHaveLength(1);
  });

  test("is doubtful if only another field names a shell", () => {
    expect(findings({ imageName: "bash", dockerStartCmd: ["$(id)", 5] })).toHaveLength(1);
  });

  test("is doubtful if a list of lists names a shell", () => {
    expect(findings({ dockerEntrypoint: [["bash"]], dockerStartCmd: ["$(id)"] })).toHaveLength(1);
  });

  test.each(["argsOf", "myargs", "cmdline", "mycmd", "entrypoints", "subdocker", "env2", "myenv"])(
    "is refused in %s, which is not a command",
    (field) => {
      expect(findings({ entrypoint: ["bash"], [field]: "$A" })).toEqual([
        `certain ${field}: ${field} "$A" ${SAYS} ${REMEDY}`,
      ]);
    },
  );
});
