import { fallBackTo } from "../../../provider/src/core/api-key";

test("a refused key is replaced by the environment's, and the user is informed", () => {
  const said: string[] = [];
  expect(fallBackTo("rpa_env", (line) => said.push(line))()).toBe("rpa_env");
  expect(said).toEqual([
    "RunPod rejected the API key stored by the last `pulumi up`; continuing with RUNPOD_API_KEY. Run `pulumi up` to store the new key.",
  ]);
});

test("without a key in the environment there is no message", () => {
  const said: string[] = [];
  expect(fallBackTo(undefined, (line) => said.push(line))()).toBeUndefined();
  expect(said).toEqual([]);
});
