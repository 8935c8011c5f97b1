import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { Pod } from "@runpod-stack/provider";
import {
  pod,
  remediated,
  runpodPolicy,
  template,
  unknown,
  violationsOf,
} from "../../../policies/src/testing";

const policy = (more: Partial<ResourceValidationPolicy>): ResourceValidationPolicy => ({
  name: "own",
  description: "Checks whether it is our own.",
  ...more,
});

describe("violationsOf", () => {
  test("reports strings at the policy's level, with the resource", async () => {
    const own = policy({ validateResource: (_, report) => report("must be ours") });
    const violation = { message: "must be ours", level: "advisory", resource: "llm" };
    expect(await violationsOf(own, pod({}, { name: "llm" }))).toEqual([violation]);
    const levels = async (enforcementLevel: "mandatory" | "remediate") =>
      (await violationsOf({ ...own, enforcementLevel }, pod({}))).map(({ level }) => level);
    expect(await levels("mandatory")).toEqual(["mandatory"]);
    expect(await levels("remediate")).toEqual(["mandatory"]);
  });

  test("runs several validations, and passes on type, name, options and configuration", async () => {
    const own = policy({
      validateResource: [
        ({ isType, asType, props }, report) => {
          if (isType(Pod) && asType(Pod) === props) {
            report("a pod");
          }
        },
        ({ name, opts, getConfig }, report) =>
          report(`${name} ${opts.protect} ${JSON.stringify(getConfig())}`),
      ],
    });
    const violations = await violationsOf(own, pod({}, { protect: true }), { max: 5 });
    expect(violations.map(({ message }) => message)).toEqual(["a pod", 'pod true {"max":5}']);
    expect(await violationsOf(own, template({}))).toMatchObject([{ message: "template false {}" }]);
  });

  test("treats reading an unknown value, and not applying, as Pulumi does", async () => {
    const reads = policy({
      enforcementLevel: "mandatory",
      validateResource: ({ props }, report) => report(props["imageName"]),
    });
    expect(await violationsOf(reads, pod({ imageName: unknown }))).toEqual([
      {
        message: expect.stringMatching(/^can't run policy 'own' during preview: .*imageName/),
        level: "advisory",
        resource: undefined,
      },
    ]);
    const never = policy({
      validateResource: (args, report) => report(String(args.notApplicable("not here"))),
    });
    expect(await violationsOf(never, pod({}))).toEqual([]);
    const broken = policy({
      validateResource: () => {
        throw new Error("broken");
      },
    });
    await expect(violationsOf(broken, pod({}))).rejects.toThrow("broken");
  });

  test("passes all resources and their dependencies to a stack's policy", async () => {
    const own: StackValidationPolicy = {
      name: "own",
      description: "Checks whether the stack is our own.",
      validateStack({ resources }, report) {
        const [first] = resources;
        report(`${resources.length} resources`);
        report(
          `${first?.name} of ${first?.propertyDependencies["templateId"]?.[0]?.name}`,
          first?.urn,
        );
      },
    };
    const base = template({}, { name: "base" });
    const llm = pod({}, { name: "llm", dependencies: { templateId: [base] } });
    expect(await violationsOf(own, [llm, base])).toEqual([
      { message: "2 resources", level: "advisory", resource: undefined },
      { message: "llm of base", level: "advisory", resource: "llm" },
    ]);
  });
});

describe("remediated", () => {
  test("returns the inputs after a remediation, and does not change the given ones", async () => {
    const inputs = { gpuCount: 1, imageName: unknown };
    const mutates = policy({
      remediateResource: ({ props }) => {
        props["gpuCount"] = 2;
        return props;
      },
    });
    expect(await remediated(mutates, pod(inputs))).toEqual({ gpuCount: 2, imageName: unknown });
    expect(inputs.gpuCount).toBe(1);
    const drops = policy({ remediateResource: () => ({ gpuCount: 2 }) });
    expect(await remediated(drops, pod(inputs))).toEqual({ gpuCount: 2 });
    expect(await remediated(policy({}), pod(inputs))).toBeUndefined();
  });
});

test("runpodPolicy names a policy that does not exist", () => {
  expect(() => runpodPolicy("nope")).toThrow("There is no policy nope in @runpod-stack/policies.");
});
