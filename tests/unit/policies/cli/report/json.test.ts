import { asJson } from "../../../../../policies/src/cli/report/json";
import { DISK, EXTENT, violation, waiver } from "./violations";

const read = (...args: Parameters<typeof asJson>) => JSON.parse(asJson(...args));

test("a violation has these fields, and a rule of another pack fewer", () => {
  const shared = { resource: DISK.resource, file: "pods/a.yaml", line: 3 };
  const texts = { message: "It is wrong.", remedy: "Set it to 5." };
  expect(read([DISK, violation({})])).toEqual({
    violations: [
      {
        ...shared,
        ...texts,
        rule: "container-disk-size",
        level: "mandatory",
        severity: "critical",
        field: "containerDiskInGb",
        url: "https://a.example/#container-disk-size",
      },
      { ...shared, ...texts, rule: "r", level: "advisory" },
    ],
  });
});

test("a check also reports waivers and its extent", () => {
  expect(read([], { ...EXTENT, waived: [waiver] })).toEqual({
    violations: [],
    waived: [
      {
        ...{
          rule: "w",
          level: "advisory",
          resource: "b.json: Pod b",
          file: "pods/a.yaml",
          line: 3,
        },
        ...{ message: "It is wrong.", remedy: "Set it to 5." },
        ...{ reason: "baked in", until: "2027-03-31" },
      },
    ],
    judged: { pod: 2 },
    rules: 3,
    unjudged: [{ resource: "u", why: "it is odd" }],
  });
});
