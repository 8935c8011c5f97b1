import { runpodPolicies } from "@runpod-stack/policies";
import { pod, violationsOf } from "../../../policies/src/testing";
import { run } from "../../unit/policies/cli/run";
import { each, podOf, type Surface, type Surfaces } from "./surface";

const inPolicies = (args: string[], body: (hostile: string) => object): Surface => {
  return async (texts) => {
    const { stdout, stderr } = await run(["check", ...args, "-"], {
      input: JSON.stringify(texts.map(body)),
    });
    return stdout + stderr;
  };
};

/** Stands where a stranger names a file of the program, and a resource. */
const ofStack = (...args: string[]): Surface => {
  return async (texts) => {
    const steps = texts.map((hostile) => ({
      op: "create",
      newState: {
        type: "pulumi-nodejs:dynamic/runpod:Pod",
        urn: `urn:pulumi:s::p::t::${hostile}`,
        sourcePosition: `project:///${encodeURIComponent(hostile.replace(/\p{Surrogate}/gu, ""))}#1,`,
        inputs: podOf("x"),
      },
    }));
    const { stdout, stderr } = await run(["check", ...args, "-"], {
      input: JSON.stringify({ steps }),
    });
    return stdout + stderr;
  };
};

export const ofPolicies: Surfaces = {
  "runpod-policies check": inPolicies([], podOf),
  "runpod-policies check --json": inPolicies(["--json"], podOf),
  "runpod-policies check --sarif": inPolicies(["--sarif"], podOf),
  "runpod-policies check --markdown": inPolicies(["--markdown"], podOf),
  "runpod-policies check --code-quality": inPolicies(["--code-quality"], podOf),
  "runpod-policies check of a stack": ofStack(),
  "runpod-policies check --json of a stack": ofStack("--json"),
  "runpod-policies check --sarif of a stack": ofStack("--sarif"),
  "runpod-policies check --markdown of a stack": ofStack("--markdown"),
  "runpod-policies check --code-quality of a stack": ofStack("--code-quality"),
  "runpod-policies, as it is refused": each(async (hostile) => {
    const inputs = [[hostile], ["explain", hostile], ["check", `/x/${hostile}`], ["size", hostile]];
    const ends = await Promise.all(inputs.map((args) => run(args)));
    return ends.map(({ stdout, stderr }) => stdout + stderr).join("\n");
  }),
  "runpod-policies report": async (texts) => {
    const events = texts.flatMap((hostile) => [
      {
        policyEvent: {
          policyName: hostile,
          policyPackName: hostile,
          enforcementLevel: "mandatory",
          resourceUrn: `urn:pulumi:s::p::t::${hostile}`,
          message: `${hostile}\n${hostile}`,
        },
      },
      { diagnosticEvent: { severity: "error", message: hostile } },
    ]);
    const input = [...events, { summaryEvent: { result: "failed" } }]
      .map((event, sequence) => JSON.stringify({ sequence, ...event }))
      .join("\n");
    const { stdout, stderr } = await run(["report", "-"], { input });
    return stdout + stderr;
  },
  "the messages of the policy pack": each(async (hostile) => {
    const found = await Promise.all(
      runpodPolicies().map((policy) => violationsOf(policy, pod(podOf(hostile)))),
    );
    return found.flatMap((violations) => violations.map(({ message }) => message)).join("\n");
  }),
};
