import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { Pod, Template } from "@runpod-stack/provider";
import { typeToken } from "@runpod-stack/provider/schema";
import {
  pod,
  remediated,
  serverlessEndpoint,
  template,
  unknown,
  violationsOf,
  volume,
} from "../../../policies/src/testing";

const own = { name: "own", description: "Checks whether it is our own." };
const resourcePolicy = (
  validateResource: ResourceValidationPolicy["validateResource"],
): ResourceValidationPolicy => ({ ...own, ...(validateResource && { validateResource }) });
const stackPolicy = (
  validateStack: StackValidationPolicy["validateStack"],
): StackValidationPolicy => ({ ...own, validateStack });

test.each([
  [pod, "Pod", "pod"],
  [template, "Template", "template"],
  [volume, "Volume", "volume"],
  [serverlessEndpoint, "ServerlessEndpoint", "endpoint"],
] as const)("%# has a type and a default name", (make, kind, name) => {
  expect(make({ a: 1 })).toEqual({ type: typeToken(kind), name, props: { a: 1 }, options: {} });
  expect(make({}, { name: "llm" }).name).toBe("llm");
});

test("a policy receives what Pulumi passes to it", async () => {
  const seen: unknown[] = [];
  const watching = resourcePolicy(({ type, name, urn, opts, stackTags, isType, asType }) => {
    seen.push({ type, name, urn, opts, tags: stackTags?.size });
    seen.push([isType(Pod), isType(Template), asType(Template)]);
  });
  await violationsOf(watching, pod({ imageName: "a" }, { name: "llm", protect: true }));
  expect(seen).toEqual([
    {
      type: typeToken("Pod"),
      name: "llm",
      urn: `urn:pulumi:test::test::${typeToken("Pod")}::llm`,
      opts: {
        protect: true,
        ignoreChanges: [],
        aliases: [],
        additionalSecretOutputs: [],
        customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      },
      tags: 0,
    },
    [true, false, undefined],
  ]);
});

test("a violation may have its own message, level and resource", async () => {
  const report = resourcePolicy((_, send) => {
    send({ message: "m", enforcementLevel: "mandatory" } as never);
    send({ enforcementLevel: "disabled", urn: "a::other" } as never);
    send("text", "a::other");
  });
  expect(await violationsOf(report, pod({}))).toEqual([
    { message: "m", level: "mandatory", resource: "pod" },
    { message: own.description, level: "disabled", resource: "pod" },
    { message: "text", level: "advisory", resource: "pod" },
  ]);
  const ofStack = stackPolicy((_, send) => {
    send({ message: "m", urn: "a::llm" } as never);
    send("text");
    send("text", "");
    send("text", "a::llm");
  });
  expect(await violationsOf(ofStack, [])).toEqual([
    { message: "m", level: "advisory", resource: "llm" },
    { message: "text", level: "advisory", resource: undefined },
    { message: "text", level: "advisory", resource: undefined },
    { message: "text", level: "advisory", resource: "llm" },
  ]);
});

test("a stack's policy receives dependencies within the stack, and may not apply", async () => {
  const seen: unknown[] = [];
  const [base, other] = [template({}, { name: "base" }), template({}, { name: "other" })];
  const llm = pod({}, { dependencies: { templateId: [other, base] } });
  const watching = stackPolicy((args) => {
    for (const { name, dependencies, propertyDependencies } of args.resources) {
      const inputs = Object.entries(propertyDependencies).map(([input, on]) => [
        input,
        on.map((one) => one.name),
      ]);
      seen.push([name, dependencies, inputs]);
    }
    args.notApplicable("never");
  });
  expect(await violationsOf(watching, [llm, base])).toEqual([]);
  expect(seen).toEqual([
    ["pod", [], [["templateId", ["base"]]]],
    ["base", [], []],
  ]);
});

test("a stack's policy that reads an unknown value could not run", async () => {
  const reading = stackPolicy(({ resources }, report) => report(resources[0]?.props["imageName"]));
  expect(await violationsOf(reading, pod({ imageName: unknown }))).toEqual([
    {
      message: expect.stringMatching(/^can't run policy 'own' during preview: /),
      level: "advisory",
      resource: undefined,
    },
  ]);
});

test("a remediation receives the configuration, and may change nothing", async () => {
  const policy = {
    ...own,
    remediateResource: ({ props, getConfig }) =>
      getConfig<{ max?: number }>().max ? { ...props, ...getConfig<object>() } : undefined,
  } as ResourceValidationPolicy;
  expect(await remediated(policy, pod({ a: 1 }), { max: 5 })).toEqual({ a: 1, max: 5 });
  expect(await remediated(policy, pod({ a: 1 }))).toBeUndefined();
});
