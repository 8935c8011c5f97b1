import { findLaunch } from "../../../models/src/container";
import { optionOrVariable } from "../../../models/src/worker-variables";

const NAMES = ["-x", "--max-num-seqs", "--max-running-requests"];

function found(imageName: string, env: Record<string, string>, ...dockerStartCmd: string[]) {
  const launch = findLaunch({ imageName, env, dockerStartCmd });
  return launch && optionOrVariable(launch, NAMES);
}

const WORKER = "runpod/worker-v1-vllm:v2.25.2";
const VLLM = "vllm/vllm-openai:v0.24.0";

test("the worker reads an option from the variable of its first long name", () => {
  expect(found(WORKER, { MODEL_NAME: "a/b", MAX_NUM_SEQS: "16" })).toBe("16");
  expect(found(WORKER, { MODEL_NAME: "a/b", MAX_RUNNING_REQUESTS: "16" })).toBeNull();
  expect(found(WORKER, { MODEL_NAME: "a/b", MAX_NUM_SEQS: "" })).toBeNull();
  expect(found(WORKER, { MODEL_NAME: "a/b", X: "16" })).toBeNull();
});

test("other servers read no variables, and a command wins", () => {
  expect(found(VLLM, { MAX_NUM_SEQS: "16" }, "a/b")).toBeNull();
  expect(found(VLLM, { MAX_NUM_SEQS: "16" }, "a/b", "--max-num-seqs", "8")).toBe("8");
});
