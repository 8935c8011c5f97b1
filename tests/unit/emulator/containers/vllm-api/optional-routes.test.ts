import { advanced, container, get, post, text } from "../support";
import { MODEL, serving } from "./support";

function withEnvironment(env: Record<string, string>) {
  return advanced(container({ cmd: [MODEL], env }), 10);
}

const development = withEnvironment({ VLLM_SERVER_DEV_MODE: "1" });
const adapters = withEnvironment({ VLLM_ALLOW_RUNTIME_LORA_UPDATING: "True" });
const tokenizer = serving("--enable-tokenizer-info-endpoint");

describe("routes that vLLM has only on demand", () => {
  it("are answered in development mode", async () => {
    expect(await (await get(development, "/is_sleeping")).json()).toEqual({ is_sleeping: false });
    expect((await post(development, "/reset_prefix_cache", "")).status).toBe(200);
    expect(text(development)).toContain("Route: /server_info, Methods: GET");
  });

  it.each([
    ["GET", "/server_info", development],
    ["POST", "/sleep", development],
    ["POST", "/v1/load_lora_adapter", adapters],
    ["GET", "/tokenizer_info", tokenizer],
  ])("%s %s is named as missing here", async (method, path, runtime) => {
    const response = await (method === "GET" ? get(runtime, path) : post(runtime, path, {}));
    expect(response.status).toBe(501);
    expect(await response.text()).toContain(`${path} is a route of vLLM and is not emulated.`);
  });

  it.each(["/server_info", "/is_sleeping", "/tokenizer_info"])(
    "%s does not exist otherwise",
    async (path) => {
      expect((await get(serving(), path)).status).toBe(404);
      expect(text(serving())).not.toContain(path);
    },
  );
});
