import { readMachine } from "../../../provider/src/http/machine";

test("a machine uses no proxy and trusts only RunPod's hosts unless its owner says so", () => {
  expect(readMachine({ HTTPS_PROXY: "http://proxy.example:3128" })).toEqual({
    usesProxy: false,
    trustedHosts: [],
  });
});

test("its owner says so in the environment", () => {
  const env = {
    RUNPOD_STACK_USE_PROXY: "1",
    RUNPOD_STACK_TRUSTED_HOSTS: "gateway.example, Other.example,,",
  };
  expect(readMachine(env)).toEqual({
    usesProxy: true,
    trustedHosts: ["gateway.example", "other.example"],
  });
});

test.each(["0", "", "true", "yes"])("RUNPOD_STACK_USE_PROXY=%s means no", (text) => {
  expect(readMachine({ RUNPOD_STACK_USE_PROXY: text }).usesProxy).toBe(false);
});
