import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { rules, runpodPolicies } from "@runpod-stack/policies";
import { pod, remediated, runpodPolicy, violationsOf } from "../../../policies/src/testing";
import { HAPPY_POD, WITHOUT_VOLUME } from "./scene";

const BUCKET = { type: "aws:s3/bucket:Bucket", name: "b", props: {}, options: {} };
const small = { ...HAPPY_POD, ...WITHOUT_VOLUME, containerDiskInGb: 20 };
const large = { ...HAPPY_POD, gpuTypeIds: ["NVIDIA B200"], gpuCount: 8 };

test("every rule is a policy, with its documentation and the schema of its options", () => {
  const waivers = {
    type: "array",
    items: {
      type: "object",
      required: ["resource", "reason", "until"],
      properties: {
        resource: { type: "string" },
        reason: { type: "string" },
        until: { type: "string" },
      },
    },
    default: [],
    description: "Exceptions for single resources.",
  };
  expect(runpodPolicies()).toEqual(
    rules.map((rule) => ({
      name: rule.name,
      description: rule.description,
      enforcementLevel: rule.level,
      severity: rule.severity,
      remediationSteps: rule.remediationSteps,
      url: `https://www.npmjs.com/package/@runpod-stack/policies#${rule.name}`,
      configSchema: { properties: { ...rule.options, waivers } },
      validateStack: expect.any(Function),
      ...(rule.check && { validateResource: expect.any(Function) }),
      ...(rule.remedy && { remediateResource: expect.any(Function) }),
    })),
  );
});

/** What a policy passes to Pulumi. */
function reports(policy: string, inputs: object): unknown[] {
  const { type, props } = pod({ ...inputs });
  const found: unknown[] = [];
  const { validateResource } = runpodPolicy(policy) as ResourceValidationPolicy;
  const args = { type, props, urn: "u", opts: {}, getConfig: () => ({}) };
  for (const validate of [validateResource ?? []].flat()) {
    validate(args as never, (violation) => found.push(violation));
  }
  return found;
}

test("a certain violation has the policy's level, and a doubtful one its own", () => {
  expect(reports("container-disk-size", JSON.parse(JSON.stringify(small)))).toStrictEqual([
    { message: expect.stringMatching(/^containerDiskInGb 20 must be .*\nSet /) },
  ]);
  const doubtful = { ...small, dockerStartCmd: ["acme/secret-llm"] };
  expect(reports("container-disk-size", JSON.parse(JSON.stringify(doubtful)))).toStrictEqual([
    { message: expect.any(String), enforcementLevel: "advisory" },
  ]);
});

test("a violation of the whole stack has no resource", async () => {
  const stack = [pod(large, { name: "a" }), pod(large, { name: "b" })];
  const violations = await violationsOf(runpodPolicy("stack-cost"), stack, { maxPerHour: 1 });
  expect(violations).toMatchObject([{ level: "advisory", resource: undefined }]);
  const found: unknown[] = [];
  const { validateStack } = runpodPolicy("stack-cost") as StackValidationPolicy;
  const resources = stack.map(({ type, props, name }) => ({
    ...{ type, props, name, urn: name, opts: {}, dependencies: [], propertyDependencies: {} },
  }));
  const args = { resources, getConfig: () => ({ maxPerHour: 1 }) };
  await validateStack(args as never, (violation) => found.push(violation));
  expect(found).toStrictEqual([{ message: expect.stringContaining("maxPerHour") }]);
});

test("other resources are neither checked nor changed", async () => {
  for (const policy of runpodPolicies()) {
    expect(await violationsOf(policy, [BUCKET, BUCKET])).toEqual([]);
    expect(await remediated(policy, BUCKET)).toBeUndefined();
  }
});
