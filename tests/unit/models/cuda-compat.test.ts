import { compatFixed, type ServerSpec } from "../../../models/src";

const CONFLICT = "vllm/vllm-openai:v0.16.0-cu130";
const OPT_IN = "vllm/vllm-openai:v0.17.0";
const DRIVER = "/lib/x86_64-linux-gnu";

function script(text: string, imageName = CONFLICT): ServerSpec {
  return { imageName, dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [text] };
}

describe("The host's CUDA driver comes first", () => {
  test.each<[string, ServerSpec]>([
    ["by the pod's library path", { imageName: CONFLICT, env: { LD_LIBRARY_PATH: DRIVER } }],
    [
      "by a library path that begins so",
      { imageName: CONFLICT, env: { LD_LIBRARY_PATH: "/usr/local/nvidia/lib64/:/x" } },
    ],
    [
      "by the guide's export",
      script(`export LD_LIBRARY_PATH=${DRIVER}:$LD_LIBRARY_PATH && vllm serve a/b`),
    ],
    ["by a prefix of the command", script(`LD_LIBRARY_PATH=${DRIVER} vllm serve a/b`)],
    [
      "by taking the libraries off the loader's list",
      script("rm -f /etc/ld.so.conf.d/*cuda-compat.conf && ldconfig && vllm serve a/b"),
    ],
    [
      "by a library path that begins with the runtime's folder",
      { imageName: CONFLICT, env: { LD_LIBRARY_PATH: "/usr/local/nvidia/lib" } },
    ],
    [
      "by a library path that begins with the whole name of the driver's folder",
      { imageName: CONFLICT, env: { LD_LIBRARY_PATH: `/usr${DRIVER}:/x` } },
    ],
    ["in releases that keep them out", { imageName: OPT_IN }],
    [
      "in releases that keep them out, whatever else the switch says",
      { imageName: OPT_IN, env: { VLLM_ENABLE_CUDA_COMPATIBILITY: "10" } },
    ],
    [
      "in releases that keep them out, if the switch is not quite on",
      { imageName: OPT_IN, env: { VLLM_ENABLE_CUDA_COMPATIBILITY: "not true" } },
    ],
    ["in releases before", { imageName: "vllm/vllm-openai:v0.14.1" }],
    [
      "in an image of one's own, with the switch off",
      { imageName: "acme/vllm:1", env: { VLLM_ENABLE_CUDA_COMPATIBILITY: "0" } },
    ],
    [
      "in an image of one's own, by its path",
      { imageName: "acme/vllm:1", env: { LD_LIBRARY_PATH: DRIVER } },
    ],
  ])("%s", (_, spec) => {
    expect(compatFixed(spec)).toBe(true);
  });

  test.each<[string, ServerSpec]>([
    ["in an image with the conflict, by itself", { imageName: CONFLICT }],
    [
      "where the driver's folder comes later",
      { imageName: CONFLICT, env: { LD_LIBRARY_PATH: `/usr/local/cuda/compat:${DRIVER}` } },
    ],
    [
      "by a switch that the release does not know",
      { imageName: CONFLICT, env: { VLLM_ENABLE_CUDA_COMPATIBILITY: "0" } },
    ],
    [
      "where the switch brings the libraries in",
      { imageName: OPT_IN, env: { VLLM_ENABLE_CUDA_COMPATIBILITY: "1", LD_LIBRARY_PATH: DRIVER } },
    ],
    ["where a command exports it too late", script(`vllm serve a/b; LD_LIBRARY_PATH=${DRIVER}`)],
    [
      "where a command only looks at the libraries",
      script("ls /usr/local/cuda/compat; vllm serve a/b"),
    ],
    ["where a command removes something else", script("rm -f /tmp/x; vllm serve a/b")],
    [
      "by a folder in the driver's",
      { imageName: CONFLICT, env: { LD_LIBRARY_PATH: `${DRIVER}/x` } },
    ],
    ["as far as known of another image", { imageName: "acme/vllm:1" }],
    ["without an image", {}],
  ])("not %s", (_, spec) => {
    expect(compatFixed(spec)).toBe(false);
  });
});
