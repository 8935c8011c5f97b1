import type { Handler } from "../../../provider/src/handlers/lifecycle/handler";
import { podHandler } from "../../../provider/src/handlers/pod/handler";
import { podEndpointHandler } from "../../../provider/src/handlers/pod-endpoint/handler";
import { templateHandler } from "../../../provider/src/handlers/template/handler";
import { volumeHandler } from "../../../provider/src/handlers/volume/handler";

type Values = Record<string, unknown>;
/** What the program gives, what the user is told, and the inputs of the last update. */
type Case = readonly [given: Values, told: readonly string[], old?: Values];

const pod = { imageName: "vllm/vllm-openai:v0.20.0", gpuTypeIds: ["NVIDIA L40S"] };
const entries = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`V${index}`, "x"]));
const httpPorts = Array.from({ length: 11 }, (_, index) => `${8000 + index}/http`);

const podCases: readonly Case[] = [
  [
    {},
    [
      "imageName is missing. Name an image, or give a template.",
      'gpuTypeIds is missing. Name GPU types in the order to try them, such as ["NVIDIA L40S"].',
    ],
  ],
  [
    { ...pod, imageName: "" },
    ['imageName "" must not be empty. Give it a value or leave the field out.'],
  ],
  [{ ...pod, imageName: 7 }, ["imageName 7 must be a text."]],
  [{ ...pod, image: "x" }, ["image is not an input here. Did you mean imageName?"]],
  [
    { ...pod, containerDiskInGB: 50 },
    ["containerDiskInGB is not an input here. Did you mean containerDiskInGb?"],
  ],
  [
    { ...pod, gpuTypeIds: [] },
    ["gpuTypeIds [] must not be empty. Name GPU types, or leave the field out."],
  ],
  [
    { ...pod, gpuTypeIds: "NVIDIA L40S" },
    ['gpuTypeIds "NVIDIA L40S" must be a list of GPU types.'],
  ],
  [
    { ...pod, gpuTypeIds: ["ADA_24"] },
    [
      'gpuTypeIds[0] "ADA_24" is a serverless pool, not a GPU type. Name a type from the catalog, such as "NVIDIA L40S".',
    ],
  ],
  [
    { ...pod, gpuTypeIds: ["NVIDIA L4", "NVIDIA L4"] },
    ['gpuTypeIds[1] "NVIDIA L4" is given twice. Remove one.'],
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
      'cpuFlavorIds ["cpu3c"] cannot stand beside gpuTypeIds: a pod has GPUs or is a CPU pod. Remove one of the two.',
    ],
  ],
  [
    { ...pod, vcpuCount: 4 },
    ["vcpuCount 4 is for CPU pods. Remove it; to ask for more on a GPU pod use minVCPUPerGPU."],
  ],
  [
    { imageName: "a", cpuFlavorIds: ["cpu3c"], vcpuCount: 6 },
    ["vcpuCount 6 must be a power of two, such as 4 or 8."],
  ],
  [
    { imageName: "a", cpuFlavorIds: ["cpu3c"], volumeInGb: 20 },
    [
      "volumeInGb 20 is not to be had on a CPU pod. Remove it, or replace cpuFlavorIds by gpuTypeIds.",
    ],
  ],
  [{ ...pod, minRAMPerGPU: -1 }, ["minRAMPerGPU -1 must be a whole number of GB, 1 or more."]],
  [
    { ...pod, allowedCudaVersions: ["12"] },
    ['allowedCudaVersions[0] "12" must be major.minor, such as "12.8".'],
  ],
  [{ ...pod, minCudaVersion: 12.8 }, ['minCudaVersion 12.8 must be a text such as "12.8".']],
  [{ ...pod, minCudaVersion: "12" }, ['minCudaVersion "12" must be major.minor, such as "12.8".']],
  [
    { ...pod, minCudaVersion: "12.8", allowedCudaVersions: ["12.9"] },
    [
      'minCudaVersion "12.8" cannot stand beside allowedCudaVersions. Keep the floor, or the exact list.',
    ],
  ],
  [
    { ...pod, cloudType: "ALL" },
    ['cloudType "ALL" must be one of SECURE, COMMUNITY. REST v1\'s ALL is gone: choose one.'],
  ],
  [
    { ...pod, cloudType: "COMMUNITY", networkVolumeId: "vol1" },
    [
      'cloudType "COMMUNITY" cannot mount a network volume: they exist in the secure cloud only. Use SECURE, or volumeInGb.',
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
      "volumeInGb 20 cannot stand beside networkVolumeId: a pod mounts one of the two. Remove volumeInGb to use the network volume.",
    ],
  ],
  [
    { ...pod, networkVolumeId: "../pods" },
    [
      'networkVolumeId "../pods" must be an id as RunPod gives them: letters, digits, - and _, at most 64.',
    ],
  ],
  [
    { ...pod, volumeMountPath: "/workspace" },
    [
      'volumeMountPath "/workspace" has nothing to mount. Set volumeInGb or networkVolumeId, or remove it.',
    ],
  ],
  [
    { ...pod, volumeInGb: 20, volumeMountPath: "workspace" },
    ['volumeMountPath "workspace" must be an absolute path below /, without a slash at its end.'],
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
      'ports[0] "70000/http" must name a port from 1 to 65535, or a tcp port from 70000 to ask for a symmetrical mapping.',
    ],
  ],
  [
    { ...pod, ports: ["0/tcp"] },
    [
      'ports[0] "0/tcp" must name a port from 1 to 65535, or a tcp port from 70000 to ask for a symmetrical mapping.',
    ],
  ],
  [
    { ...pod, ports: httpPorts },
    [
      'ports ["8000/http","8001/http","8002/http","8003/http","8004/http","8005/http","800… exposes 11 HTTP ports and RunPod takes 10. Remove 1, or expose some as tcp.',
    ],
  ],
  [{ ...pod, ports: ["22/tcp", "22/tcp"] }, ['ports[1] "22/tcp" is given twice. Remove one.']],
  [
    { ...pod, env: entries(50) },
    [
      "env has 50 entries, the template's included, and RunPod takes 50 in a pod, of which this provider uses one. Remove 1.",
    ],
  ],
  [
    { ...pod, env: { RUNPOD_POD_ID: "x" } },
    [
      "env.RUNPOD_POD_ID is set by RunPod or by this provider inside every pod. Choose another name.",
    ],
  ],
  [
    { ...pod, env: { "MY-VAR": "x" } },
    [
      "env.MY-VAR is not a name for an environment variable. Use letters, digits and _, no digit first.",
    ],
  ],
  [{ ...pod, env: { N: 1 } }, ['env.N must be a text. Quote numbers and booleans, as in "1".']],
  [
    { ...pod, env: { PUBLIC_KEY: "-----BEGIN OPENSSH PRIVATE KEY-----" } },
    [
      'env.PUBLIC_KEY holds a private key. Give the content of the .pub file, one key a line, such as "ssh-ed25519 AAAA…".',
    ],
  ],
  [
    { ...pod, env: { PUBLIC_KEY: "~/.ssh/id_ed25519.pub" } },
    [
      'env.PUBLIC_KEY must hold SSH public keys, not a path or a fingerprint. Give the content of the .pub file, one key a line, such as "ssh-ed25519 AAAA…".',
    ],
  ],
  [
    { ...pod, env: { BIG: "x".repeat(102_400) } },
    [
      "env makes a request of 102517 bytes, and RunPod takes 102400. Move large values into the image or a volume.",
    ],
  ],
  [
    { ...pod, dockerStartCmd: "--model x" },
    [
      'dockerStartCmd "--model x" must be a list of texts, one per argument, such as ["bash", "-c", "…"].',
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
      "volumeInGb 50 is less than the 100 GB that the disk has, and disks cannot shrink. Set it to 100 or more; for a smaller disk, remove volumeInGb, run `pulumi up`, and set it again: that makes new pods, and the content is lost.",
    ],
    { volumeInGb: 100 },
  ],
  [
    { ...pod, volumeInGb: 50 },
    [
      "volumeInGb 50 is less than the 100 GB to which the disk was grown outside of this program, and disks cannot shrink. Set it to 100.",
    ],
    { volumeInGb: 100, __drifted: ["volumeInGb"] },
  ],
];

const volumeCases: readonly Case[] = [
  [
    { size: 20, dataCenterId: "EU_RO_1" },
    ['dataCenterId "EU_RO_1" is not a data center. Did you mean "EU-RO-1"?'],
  ],
  [{ size: 100 }, ["dataCenterId is missing. Give it a value."]],
  [{ size: 20, dataCenterId: ["EU-RO-1"] }, ['dataCenterId ["EU-RO-1"] must be a text.']],
  [{ size: 5, dataCenterId: "EU-RO-1" }, ["size 5 must be a whole number of GB, from 10 to 4096."]],
  [
    { size: 5000, dataCenterId: "EU-RO-1" },
    ["size 5000 must be a whole number of GB, from 10 to 4096."],
  ],
  [
    { size: 50, dataCenterId: "EU-RO-1" },
    [
      "size 50 is less than the 100 GB that the volume has, and volumes cannot shrink. Set it to 100 or more; for a smaller one, create a second volume and copy the content.",
    ],
    { size: 100, dataCenterId: "EU-RO-1" },
  ],
  [
    { size: 50, dataCenterId: "EU-RO-1" },
    [
      "size 50 is less than the 100 GB to which the volume was grown outside of this program, and volumes cannot shrink. Set it to 100.",
    ],
    { size: 100, dataCenterId: "EU-RO-1", __drifted: ["size"] },
  ],
  [
    { size: 50, dataCenterId: "EU-RO-1" },
    [
      "size 50 is less than the 100 GB that the volume has, and volumes cannot shrink. Set it to 100 or more; for a smaller one, create a second volume and copy the content.",
    ],
    { size: 100, dataCenterId: "EU-RO-1", type: "STANDARD" },
  ],
  [
    { size: 100, dataCenterId: "US-KS-2" },
    [
      'dataCenterId "US-KS-2" differs from "EU-RO-1": the volume would be deleted with its content and created anew. Keep "EU-RO-1", or set allowReplace: true.',
    ],
    { size: 100, dataCenterId: "EU-RO-1" },
  ],
  [
    { size: 100, dataCenterId: "EU-RO-1", type: "FAST" },
    ['type "FAST" must be one of STANDARD, HIGH_PERFORMANCE.'],
  ],
];

const templateCases: readonly Case[] = [
  [{ ports: ["8000/http"] }, ["imageName is missing. Give it a value."]],
  [
    { imageName: "a", volumeMountPath: "/data" },
    [
      'volumeMountPath "/data" has nothing to mount. Set volumeInGb; a network volume is given to the pod, with its own volumeMountPath.',
    ],
  ],
  [{ imageName: "a", networkVolumeId: "v" }, ["networkVolumeId is not an input here. Remove it."]],
  [{ imageName: "a", category: "INTEL" }, ['category "INTEL" must be one of NVIDIA, AMD, CPU.']],
];

const endpointCases: readonly Case[] = [
  [{ podId: "abc" }, ["port is missing. Give it a value."]],
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
    ['interval "10m" is longer than timeout. Shorten it, or wait longer.'],
  ],
  [
    { podId: "abc", port: 8000, interval: "1ms" },
    ['interval "1ms" is shorter than 250ms, which would only burden the service. Use 1s or more.'],
  ],
  [
    { podId: "abc", port: 8000, path: "health" },
    ['path "health" must begin with / and hold no spaces.'],
  ],
  [
    { podId: "abc", port: 8000, path: "/health", expectModel: "m" },
    [
      'expectModel "m" cannot be found under this path: only a models route lists models. Use expectBody, or the path /v1/models.',
    ],
  ],
  [
    { podId: "abc", port: 8000, expectBody: "/(/" },
    [
      'expectBody "/(/" is not a regular expression (Invalid regular expression: /(/: Unterminated group). Correct it, or leave the slashes out to search for plain text.',
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
  describe(`bad input of a ${kind} is told`, () => {
    for (const [given, told, old = {}] of cases) {
      test(told.join(" "), () => {
        const messages = handler.check(old, given).problems.map(({ message }) => message);
        expect(messages).toEqual(told);
      });
    }

    test("all of it at once", () => {
      expect(handler.check({}, { nonsense: 1, name: "" }).problems.length).toBeGreaterThan(1);
    });
  });
}
