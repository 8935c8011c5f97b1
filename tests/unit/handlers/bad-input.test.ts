import type { Handler } from "../../../provider/src/handlers/lifecycle/handler";
import { podHandler } from "../../../provider/src/handlers/pod/handler";
import { podEndpointHandler } from "../../../provider/src/handlers/pod-endpoint/handler";
import { templateHandler } from "../../../provider/src/handlers/template/handler";
import { volumeHandler } from "../../../provider/src/handlers/volume/handler";

type Values = Record<string, unknown>;
/** The program's inputs, the messages, and the inputs of the last update. */
type Case = readonly [given: Values, told: readonly string[], old?: Values];

const pod = { imageName: "vllm/vllm-openai:v0.20.0", gpuTypeIds: ["NVIDIA L40S"] };
const entries = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`V${index}`, "x"]));
const httpPorts = Array.from({ length: 11 }, (_, index) => `${8000 + index}/http`);

const podCases: readonly Case[] = [
  [
    {},
    [
      "imageName is required. Set it, or use a template.",
      'gpuTypeIds is required. List GPU types in the order to try them, such as ["NVIDIA L40S"].',
    ],
  ],
  [
    { ...pod, imageName: "" },
    ['imageName "" must not be empty. Set a value, or remove the field.'],
  ],
  [{ ...pod, imageName: 7 }, ["imageName 7 must be a string."]],
  [{ ...pod, image: "x" }, ["image is not an input of this resource. Did you mean imageName?"]],
  [
    { ...pod, containerDiskInGB: 50 },
    ["containerDiskInGB is not an input of this resource. Did you mean containerDiskInGb?"],
  ],
  [
    { ...pod, gpuTypeIds: [] },
    ["gpuTypeIds [] must not be empty. List GPU types, or remove the field."],
  ],
  [
    { ...pod, gpuTypeIds: "NVIDIA L40S" },
    ['gpuTypeIds "NVIDIA L40S" must be a list of GPU types.'],
  ],
  [
    { ...pod, gpuTypeIds: ["ADA_24"] },
    [
      'gpuTypeIds[0] "ADA_24" is a serverless pool, not a GPU type. Use a type from the catalog, such as "NVIDIA L40S".',
    ],
  ],
  [
    { ...pod, gpuTypeIds: ["NVIDIA L4", "NVIDIA L4"] },
    ['gpuTypeIds[1] "NVIDIA L4" is listed twice. Remove one.'],
  ],
  [
    { ...pod, gpuTypeIds: ["NVIDIA L4O", "H100"], dataCenterIds: ["EU-R0-1"] },
    [
      'gpuTypeIds[0] "NVIDIA L4O" is not a GPU type. Did you mean "NVIDIA L40"?',
      'gpuTypeIds[1] "H100" is not a GPU type. Did you mean "NVIDIA H100 80GB HBM3" or "NVIDIA H100 NVL" or "NVIDIA H100 PCIe"?',
      'dataCenterIds[0] "EU-R0-1" is not a data center. Did you mean "EU-RO-1"?',
    ],
  ],
  [{ ...pod, gpuCount: 0 }, ["gpuCount 0 must be a whole number of GPUs, 1 or more."]],
  [{ ...pod, gpuCount: 1.5 }, ["gpuCount 1.5 must be a whole number of GPUs, 1 or more."]],
  [
    { ...pod, cpuFlavorIds: ["cpu3c"] },
    [
      'cpuFlavorIds ["cpu3c"] cannot be combined with gpuTypeIds: a pod is either a GPU pod or a CPU pod. Remove one of them.',
    ],
  ],
  [
    { ...pod, vcpuCount: 4 },
    ["vcpuCount 4 is only for CPU pods. Remove it, or use minVCPUPerGPU on a GPU pod."],
  ],
  [
    { imageName: "a", cpuFlavorIds: ["cpu3c"], vcpuCount: 6 },
    ["vcpuCount 6 must be a power of two, such as 4 or 8."],
  ],
  [
    { imageName: "a", cpuFlavorIds: ["cpu3c"], volumeInGb: 20 },
    [
      "volumeInGb 20 is not available on a CPU pod. Remove it, or use gpuTypeIds instead of cpuFlavorIds.",
    ],
  ],
  [{ ...pod, minRAMPerGPU: -1 }, ["minRAMPerGPU -1 must be a whole number of GB, 1 or more."]],
  [
    { ...pod, allowedCudaVersions: ["12"] },
    ['allowedCudaVersions[0] "12" must be major.minor, such as "12.8".'],
  ],
  [{ ...pod, minCudaVersion: 12.8 }, ['minCudaVersion 12.8 must be a string such as "12.8".']],
  [{ ...pod, minCudaVersion: "12" }, ['minCudaVersion "12" must be major.minor, such as "12.8".']],
  [
    { ...pod, minCudaVersion: "12.8", allowedCudaVersions: ["12.9"] },
    [
      'minCudaVersion "12.8" cannot be combined with allowedCudaVersions. Keep the minimum or the exact list.',
    ],
  ],
  [
    { ...pod, cloudType: "ALL" },
    [
      'cloudType "ALL" must be one of SECURE, COMMUNITY. REST v1\'s ALL no longer exists: choose one.',
    ],
  ],
  [
    { ...pod, cloudType: "COMMUNITY", networkVolumeId: "vol1" },
    [
      'cloudType "COMMUNITY" cannot be combined with networkVolumeId: network volumes exist only in the secure cloud. Set cloudType to SECURE, or use volumeInGb instead.',
    ],
  ],
  [
    { ...pod, containerDiskInGb: 0 },
    ["containerDiskInGb 0 must be a whole number of GB, 1 or more."],
  ],
  [
    { ...pod, containerDiskInGb: "50" },
    ['containerDiskInGb "50" must be a whole number of GB, 1 or more.'],
  ],
  [{ ...pod, volumeInGb: 5 }, ["volumeInGb 5 must be a whole number of GB, 10 or more."]],
  [
    { ...pod, volumeInGb: 20, networkVolumeId: "vol1" },
    [
      "volumeInGb 20 cannot be combined with networkVolumeId: a pod has only one mount. Remove volumeInGb to use the network volume.",
    ],
  ],
  [
    { ...pod, networkVolumeId: "../pods" },
    ['networkVolumeId "../pods" must be a RunPod id: at most 64 letters, digits, - and _.'],
  ],
  [
    { ...pod, volumeMountPath: "/workspace" },
    [
      'volumeMountPath "/workspace" has no volume to mount. Set volumeInGb or networkVolumeId, or remove volumeMountPath.',
    ],
  ],
  [
    { ...pod, volumeInGb: 20, volumeMountPath: "workspace" },
    ['volumeMountPath "workspace" must be an absolute path below /, without a trailing slash.'],
  ],
  [
    { ...pod, volumeInGb: 20, volumeMountPath: "/data/../etc" },
    ['volumeMountPath "/data/../etc" must not contain . or .. segments. Write the path out.'],
  ],
  [
    { ...pod, ports: ["8000"] },
    ['ports[0] "8000" must be <port>/http or <port>/tcp, such as "8000/http" or "22/tcp".'],
  ],
  [
    { ...pod, ports: ["8000/udp"] },
    ['ports[0] "8000/udp" must be <port>/http or <port>/tcp, such as "8000/http" or "22/tcp".'],
  ],
  [
    { ...pod, ports: ["70000/http"] },
    [
      'ports[0] "70000/http" must use a port from 1 to 65535, or a tcp port of 70000 or more to request a symmetrical mapping.',
    ],
  ],
  [
    { ...pod, ports: ["0/tcp"] },
    [
      'ports[0] "0/tcp" must use a port from 1 to 65535, or a tcp port of 70000 or more to request a symmetrical mapping.',
    ],
  ],
  [
    { ...pod, ports: httpPorts },
    [
      'ports ["8000/http","8001/http","8002/http","8003/http","8004/http","8005/http","800… has 11 HTTP ports, and RunPod allows 10. Remove 1, or expose some as tcp.',
    ],
  ],
  [{ ...pod, ports: ["22/tcp", "22/tcp"] }, ['ports[1] "22/tcp" is listed twice. Remove one.']],
  [
    { ...pod, env: entries(50) },
    [
      "env has 50 entries, including the template's. RunPod allows 50, and this provider needs one of them. Remove 1.",
    ],
  ],
  [
    { ...pod, env: { RUNPOD_POD_ID: "x" } },
    [
      "env.RUNPOD_POD_ID is reserved: RunPod or this provider sets it in every pod. Choose another name.",
    ],
  ],
  [
    { ...pod, env: { "MY-VAR": "x" } },
    [
      "env.MY-VAR is not a valid name for an environment variable. Use letters, digits and _, and do not begin with a digit.",
    ],
  ],
  [{ ...pod, env: { N: 1 } }, ['env.N must be a string. Quote numbers and booleans, as in "1".']],
  [
    { ...pod, env: { PUBLIC_KEY: "-----BEGIN OPENSSH PRIVATE KEY-----" } },
    [
      'env.PUBLIC_KEY contains a private key. Use the content of the .pub file, one key per line, such as "ssh-ed25519 AAAA…".',
    ],
  ],
  [
    { ...pod, env: { PUBLIC_KEY: "~/.ssh/id_ed25519.pub" } },
    [
      'env.PUBLIC_KEY must contain SSH public keys, not a path or a fingerprint. Use the content of the .pub file, one key per line, such as "ssh-ed25519 AAAA…".',
    ],
  ],
  [
    { ...pod, env: { BIG: "x".repeat(102_400) } },
    [
      "env makes a request of 102517 bytes, and RunPod allows 102400. Move large values into the image or a volume.",
    ],
  ],
  [
    { ...pod, dockerStartCmd: "--model x" },
    [
      'dockerStartCmd "--model x" must be a list of strings, one per argument, such as ["bash", "-c", "…"].',
    ],
  ],
  [
    { ...pod, desiredStatus: "STOPPED" },
    ['desiredStatus "STOPPED" must be one of RUNNING, EXITED.'],
  ],
  [{ ...pod, locked: "yes" }, ['locked "yes" must be true or false.']],
  [
    { ...pod, volumeInGb: 50 },
    [
      "volumeInGb 50 must be at least 100: the disk has 100 GB, and disks cannot shrink. Set volumeInGb to 100 or more. For a smaller disk, remove volumeInGb, run `pulumi up`, and set it again, which creates new pods and loses the disk's content.",
    ],
    { volumeInGb: 100 },
  ],
  [
    { ...pod, volumeInGb: 50 },
    [
      "volumeInGb 50 must be at least 100: the disk was enlarged to 100 GB outside this program, and disks cannot shrink. Set volumeInGb to 100.",
    ],
    { volumeInGb: 100, __drifted: ["volumeInGb"] },
  ],
];

const volumeCases: readonly Case[] = [
  [
    { size: 20, dataCenterId: "EU_RO_1" },
    ['dataCenterId "EU_RO_1" is not a data center. Did you mean "EU-RO-1"?'],
  ],
  [{ size: 100 }, ["dataCenterId is required."]],
  [{ size: 20, dataCenterId: ["EU-RO-1"] }, ['dataCenterId ["EU-RO-1"] must be a string.']],
  [{ size: 5, dataCenterId: "EU-RO-1" }, ["size 5 must be a whole number of GB, from 10 to 4096."]],
  [
    { size: 5000, dataCenterId: "EU-RO-1" },
    ["size 5000 must be a whole number of GB, from 10 to 4096."],
  ],
  [
    { size: 50, dataCenterId: "EU-RO-1" },
    [
      "size 50 must be at least 100: the volume has 100 GB, and volumes cannot shrink. Set size to 100 or more. For a smaller volume, create a second one and copy the content.",
    ],
    { size: 100, dataCenterId: "EU-RO-1" },
  ],
  [
    { size: 50, dataCenterId: "EU-RO-1" },
    [
      "size 50 must be at least 100: the volume was enlarged to 100 GB outside this program, and volumes cannot shrink. Set size to 100.",
    ],
    { size: 100, dataCenterId: "EU-RO-1", __drifted: ["size"] },
  ],
  [
    { size: 50, dataCenterId: "EU-RO-1" },
    [
      "size 50 must be at least 100: the volume has 100 GB, and volumes cannot shrink. Set size to 100 or more. For a smaller volume, create a second one and copy the content.",
    ],
    { size: 100, dataCenterId: "EU-RO-1", type: "STANDARD" },
  ],
  [
    { size: 100, dataCenterId: "US-KS-2" },
    [
      'dataCenterId "US-KS-2" must stay "EU-RO-1": a change would delete the volume with its content and recreate it. Keep "EU-RO-1", or set allowReplace: true.',
    ],
    { size: 100, dataCenterId: "EU-RO-1" },
  ],
  [
    { size: 100, dataCenterId: "EU-RO-1", type: "FAST" },
    ['type "FAST" must be one of STANDARD, HIGH_PERFORMANCE.'],
  ],
];

const templateCases: readonly Case[] = [
  [{ ports: ["8000/http"] }, ["imageName is required."]],
  [
    { imageName: "a", volumeMountPath: "/data" },
    [
      'volumeMountPath "/data" has no volume to mount. Set volumeInGb. To mount a network volume, set networkVolumeId and volumeMountPath on the pod.',
    ],
  ],
  [
    { imageName: "a", networkVolumeId: "v" },
    ["networkVolumeId is not an input of this resource. Remove it."],
  ],
  [{ imageName: "a", category: "INTEL" }, ['category "INTEL" must be one of NVIDIA, AMD, CPU.']],
];

const endpointCases: readonly Case[] = [
  [{ podId: "abc" }, ["port is required."]],
  [{ podId: "abc", port: 70000 }, ["port 70000 must be a whole number, from 1 to 65535."]],
  [
    { podId: "abc", port: 8000, __podPorts: ["22/tcp"] },
    [
      'port 8000 is not exposed by the pod (it exposes 22/tcp). Add "8000/http" to the pod\'s ports.',
    ],
  ],
  [
    { podId: "abc", port: 8000, timeout: "45" },
    ['timeout "45" must be a duration with units, such as "45m", "90s" or "1h30m".'],
  ],
  [
    { podId: "abc", port: 8000, interval: "10m", timeout: "5m" },
    ['interval "10m" must not be longer than timeout. Shorten it, or set a longer timeout.'],
  ],
  [
    { podId: "abc", port: 8000, interval: "1ms" },
    ['interval "1ms" must be at least 250ms, to spare the service. Set it to 1s or more.'],
  ],
  [
    { podId: "abc", port: 8000, path: "health" },
    ['path "health" must begin with / and contain no spaces.'],
  ],
  [
    { podId: "abc", port: 8000, path: "/health", expectModel: "m" },
    [
      'expectModel "m" cannot be found at this path: only a models route lists models. Set path to /v1/models, or use expectBody.',
    ],
  ],
  [
    { podId: "abc", port: 8000, expectBody: "/(/" },
    [
      'expectBody "/(/" is not a regular expression (Invalid regular expression: /(/: Unterminated group). Correct it, or remove the slashes to search for plain text.',
    ],
  ],
  [
    { podId: "abc", port: 8000, onFailure: "delete" },
    ['onFailure "delete" must be one of keep, stop.'],
  ],
];

const kinds: readonly [name: string, handler: Handler<object>, cases: readonly Case[]][] = [
  ["Pod", podHandler, podCases],
  ["Volume", volumeHandler, volumeCases],
  ["Template", templateHandler, templateCases],
  ["PodEndpoint", podEndpointHandler, endpointCases],
];

for (const [kind, handler, cases] of kinds) {
  describe(`bad input of a ${kind} is reported`, () => {
    for (const [given, told, old = {}] of cases) {
      test(told.join(" "), () => {
        const messages = handler.check(old, given).problems.map(({ message }) => message);
        expect(messages).toEqual(told);
      });
    }

    test("all of it together", () => {
      expect(handler.check({}, { nonsense: 1, name: "" }).problems.length).toBeGreaterThan(1);
    });
  });
}
