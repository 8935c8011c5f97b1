import { printed, pulumiScene } from "../support/pulumi-scene";
import { failure } from "../support/stack";

jest.setTimeout(120_000);

const scene = pulumiScene();

const program = (image: string, expected: string, more = "") => `
const rp = require("@runpod-stack/provider");
const endpoint = new rp.ServerlessEndpoint("llm", {
  imageName: "${image}", gpuTypeIds: ["NVIDIA L4"], workersMax: 1, idleTimeout: 60, ${more}
});
const ready = new rp.EndpointReady("llm", {
  endpoint, input: { prompt: "Hello" }, expectOutput: "${expected}", timeout: "2m", interval: "1s",
});
exports.url = ready.url;
exports.answer = ready.output.apply((output) => output?.input.prompt);
exports.readyAt = ready.readyAt;
`;

test("an update ends with a real answer, and a new release is asked again", async () => {
  const stack = await scene.stack(program("example.com/worker:1", "Hello"));
  const preview = await stack.preview();
  expect(preview.steps).toContain("create EndpointReady llm");

  const up = await stack.up();
  expect(up.stdout).toContain("answered after");
  const first = await stack.outputs();
  expect(first).toMatchObject({ answer: "Hello", url: expect.stringContaining("/serverless/v2/") });
  expect((await stack.preview()).steps).toEqual([]);
  expect((await stack.refresh()).steps).toEqual([]);

  stack.write(program("example.com/worker:2", "Goodbye"));
  const wrong = printed(await failure(stack.up()));
  expect(wrong).toContain("the answer does not contain Goodbye");
  expect(wrong).toContain("stays in the state and is billed for each worker that a job starts");
  const held = await stack.held();
  expect([...held.keys()]).toEqual(
    expect.arrayContaining(["EndpointReady llm", "ServerlessEndpoint llm"]),
  );

  stack.write(program("example.com/worker:2", "Hello"));
  expect((await stack.up()).steps).toEqual(["update EndpointReady llm"]);
  expect((await stack.outputs())["readyAt"]).not.toBe(first["readyAt"]);
  await stack.destroy();
  expect(await scene.live()).toEqual([]);
});
