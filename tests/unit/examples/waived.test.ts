import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { runpodPolicies } from "@runpod-stack/policies";
import { type TestedResource, violationsOf } from "@runpod-stack/policies/testing";
import { podHandler } from "../../../provider/src/handlers/pod/handler";
import { serverlessEndpointHandler } from "../../../provider/src/handlers/serverless-endpoint/handler";
import { templateHandler } from "../../../provider/src/handlers/template/handler";
import { volumeHandler } from "../../../provider/src/handlers/volume/handler";
import { mockEngine, type Registered } from "../resources/mocked-engine";

const EXAMPLES = path.join(__dirname, "../../../examples");
const PROGRAMS = readdirSync(EXAMPLES).filter((name) =>
  existsSync(path.join(EXAMPLES, name, "Pulumi.yaml")),
);

const CONFIG = {
  "project:serviceKey": "k",
  "project:researchKey": "k",
  "project:registryUser": "me",
  "project:registryToken": "t",
  "project:hfToken": "hf_t",
  "project:sshPrivateKey": "a key",
};

afterEach(() => {
  pulumi.runtime.setAllConfig({});
});

/** Of the kinds that policies judge. */
const HANDLERS = {
  Pod: podHandler,
  Template: templateHandler,
  Volume: volumeHandler,
  ServerlessEndpoint: serverlessEndpointHandler,
};

/** The inputs with the provider's defaults, as policies get them. */
function checked({ type, inputs }: Registered): Registered["inputs"] {
  const handler = Object(HANDLERS)[type.split(":").at(-1) ?? ""];
  return handler === undefined ? inputs : handler.check({}, inputs).inputs;
}

/** The resources as policies get them. The mocked engine gives each the id `<name>-id`. */
function tested(registered: readonly Registered[]): TestedResource[] {
  const all = registered.map((one) => {
    const { type, name } = one;
    const dependencies: Record<string, readonly TestedResource[]> = {};
    return { type, name, props: checked(one), options: { name, dependencies } };
  });
  for (const { props, options } of all) {
    for (const [input, value] of Object.entries(props)) {
      const ids = [value].flat();
      options.dependencies[input] = all.filter(({ name }) => ids.includes(`${name}-id`));
    }
  }
  return all;
}

// The reference stack's preview is in tests/e2e/policies.test.ts.
test.each(PROGRAMS)(
  "examples/%s waives each policy that objects to it, with a reason",
  async (name) => {
    const program = path.join(EXAMPLES, name, "index.ts");
    pulumi.runtime.setAllConfig(CONFIG);
    const engine = await mockEngine();
    require(program);
    await pulumi.runtime.disconnect();
    const resources = tested(engine.registered);
    const objections = new Set<string>();
    for (const policy of runpodPolicies()) {
      for (const { level } of await violationsOf(policy, resources)) {
        objections.add(`${level} ${policy.name}`);
      }
    }
    const waivers = readFileSync(program, "utf8").matchAll(/^\/\/ Waives ([\w-]+): .{20}/gm);
    expect(objections).toEqual(new Set([...waivers].map(([, rule]) => `advisory ${rule}`)));
  },
);
