import { safe, textOf } from "@runpod-stack/kit";
import { compatFixed, gpuType, imageFacts } from "@runpod-stack/models";
import { knownImage } from "../knowledge";
import { isKnown, knownItems, UNKNOWN, wholeList } from "../known";
import {
  doubt,
  type Finding,
  ofContainers,
  ofDeployments,
  refusal,
  refusalIf,
  rule,
} from "../rule";
import { serverSpecOf } from "../serving";
import { type ContainerSpec, isDeployment } from "../spec";
import { enumerate } from "../words";

export const cudaFloor = rule({
  name: "cuda-floor",
  description:
    "Checks whether the pod or endpoint is limited to hosts with the CUDA version that its image needs.",
  severity: "high",
  level: "mandatory",
  why: 'Driver versions differ between hosts. On a host whose driver is too old, the container never starts: "unsatisfied condition: cuda>=13.0".',
  source: "RunPod docs, pods/manage-pods; NVIDIA_REQUIRE_CUDA in the images' releases",
  remediationSteps: "Set minCudaVersion to the version in the message.",
  options: {},
  hasDoubts: true,
  example: 'imageName: "vllm/vllm-openai:v0.20.0" // no minCudaVersion: "13.0"',
  check: ofDeployments((spec, _options, knowledge) => {
    if (!isKnown(spec.imageName) || !hasNvidiaGpu(spec)) {
      return [];
    }
    const floor = imageFacts(knownImage(spec.imageName, knowledge)).minHostCuda;
    return floor === null ? [] : floorFindings(spec, spec.imageName, floor);
  }),
  remedy(spec, _options, knowledge) {
    if (!isDeployment(spec) || !isKnown(spec.imageName) || !hasNvidiaGpu(spec)) {
      return undefined;
    }
    const floor = imageFacts(knownImage(spec.imageName, knowledge)).minHostCuda;
    const { allowedCudaVersions: allowed, minCudaVersion: min } = spec;
    const isOpen = allowed === undefined || (isKnown(allowed) && allowed.length === 0);
    if (floor === null || !isOpen || min === UNKNOWN) {
      return undefined;
    }
    return min === undefined || isBelow(min, floor) ? { minCudaVersion: floor } : undefined;
  },
});

export const cudaCompat = rule({
  name: "cuda-compat",
  description:
    "Checks whether the host's CUDA driver is found before the image's own compat libraries.",
  severity: "high",
  level: "mandatory",
  why: "Some images load their own compat libraries before the host's newer driver. CUDA then fails with Error 803, although the host supports the image.",
  source: "vllm-project/vllm#32474, #33992; NVIDIA docs, CUDA compatibility",
  remediationSteps:
    "Use an image without the conflict, or put the host's libraries first: LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH.",
  options: {},
  hasDoubts: true,
  example: 'imageName: "vllm/vllm-openai:v0.16.0"',
  check: ofContainers((spec, _options, knowledge) => {
    const server = serverSpecOf(spec, knowledge);
    const deciding = ["LD_LIBRARY_PATH", COMPAT_SWITCH];
    const isDecided =
      spec.env.isWhole && deciding.every((name) => spec.env.entries[name] !== UNKNOWN);
    if (!isKnown(server) || !isDecided) {
      return [];
    }
    const conflicts = imageFacts(server.imageName ?? "").compatConflict === true;
    if (conflicts && !compatFixed(server)) {
      return [shadowed(spec)];
    }
    return asksForCompat(spec) && runsOnConsumerCardsOnly(spec) ? [notOnGeForce()] : [];
  }),
});

export const gpuArchitecture = rule({
  name: "gpu-architecture",
  description: "Checks whether the image is built for the GPU types.",
  severity: "high",
  level: "mandatory",
  why: 'An image that is older than a GPU generation has no code for it: "no kernel image is available for execution on the device".',
  source: "the CUDA architecture lists of the images' builds; vllm-project/vllm#18813, #19794",
  remediationSteps: "Use a newer image, or GPU types that the image is built for.",
  options: {},
  hasDoubts: true,
  example: 'imageName: "vllm/vllm-openai:v0.8.5", gpuTypeIds: ["NVIDIA B200"]',
  check: ofDeployments((spec, _options, knowledge) => {
    const types = wholeList(spec.gpuTypeIds);
    if (!isKnown(spec.imageName) || types === undefined) {
      return [];
    }
    const { sm100, sm120 } = imageFacts(knownImage(spec.imageName, knowledge));
    const isFor = (id: string) => {
      const capability = gpuType(id)?.computeCapability;
      if (capability === "10.0") {
        return sm100 !== false;
      }
      return capability === "12.0" ? sm120 !== false : true;
    };
    const strange = types.filter((id) => !isFor(id));
    if (strange.length === 0) {
      return [];
    }
    const isCertain = strange.length === types.length;
    const message = safe`gpuTypeIds ${enumerate(strange)} must be types that ${spec.imageName} is built for: the image has no code for their architecture, and exits at startup.`;
    const remedy = safe`Use a newer image, or remove these types.`;
    return [refusalIf(isCertain, "gpuTypeIds", message, remedy)];
  }),
});

/** Since v0.17.0, vLLM's images use their compat libraries only if this variable is set. */
const COMPAT_SWITCH = "VLLM_ENABLE_CUDA_COMPATIBILITY";

function floorFindings(spec: ContainerSpec, image: string, floor: string): Finding[] {
  const { minCudaVersion: min, allowedCudaVersions } = spec;
  if (min === UNKNOWN || allowedCudaVersions === UNKNOWN) {
    return [];
  }
  const allowed = wholeList(allowedCudaVersions);
  if (allowedCudaVersions !== undefined && allowed === undefined) {
    return [];
  }
  if (allowed !== undefined && allowed.length > 0) {
    return tooOld(spec, allowed, image, floor);
  }
  if (min !== undefined && !isBelow(min, floor)) {
    return [];
  }
  const given = min === undefined ? "minCudaVersion" : `minCudaVersion ${min}`;
  const message = safe`${given} must be ${floor} or more: ${image} requires a host driver with CUDA ${floor}, and never starts on an older one.`;
  return [doubt("minCudaVersion", message, safe`Set minCudaVersion to "${floor}".`)];
}

function tooOld(
  spec: ContainerSpec,
  allowed: readonly string[],
  image: string,
  floor: string,
): Finding[] {
  const old = allowed.filter((version) => isBelow(version, floor));
  if (old.length === 0) {
    return [];
  }
  // On data-center cards, images accept some older driver branches.
  const mayBeLetThrough = knownItems(spec.gpuTypeIds).some(
    (id) => (gpuType(id)?.class ?? "datacenter") === "datacenter",
  );
  const isHopeless = old.length === allowed.length && !mayBeLetThrough;
  const isCertain = isHopeless && wholeList(spec.gpuTypeIds) !== undefined;
  const message = safe`allowedCudaVersions ${enumerate(old)} must be ${floor} or more: ${image} requires a host driver with CUDA ${floor}, and never starts on an older one.`;
  const remedy = safe`Remove ${enumerate(old)}, or replace the list with minCudaVersion: "${floor}".`;
  return [refusalIf(isCertain, "allowedCudaVersions", message, remedy)];
}

function shadowed(spec: ContainerSpec): Finding {
  const isCertain = isDeployment(spec) && runsOnConsumerCardsOnly(spec);
  const image = isKnown(spec.imageName) ? spec.imageName : "";
  return refusalIf(
    isCertain,
    "imageName",
    safe`imageName ${image} must load the host's driver first: the image's CUDA compat libraries shadow it, and CUDA fails with Error 803 on a host with a newer driver.`,
    safe`Start the server through bash -c with \`export LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH && exec …\`, or use vllm/vllm-openai:v0.17.0 or newer.`,
  );
}

function notOnGeForce(): Finding {
  return refusal(
    "env",
    safe`env ${COMPAT_SWITCH} must not be set on GeForce cards: CUDA forward compatibility works only on data-center and professional cards, and fails on GeForce with Error 803 or 804.`,
    safe`Remove ${COMPAT_SWITCH}, and set minCudaVersion to the image's CUDA version.`,
  );
}

function asksForCompat({ env }: ContainerSpec): boolean {
  const value = env.entries[COMPAT_SWITCH];
  return value === "1" || textOf(value).toLowerCase() === "true";
}

function runsOnConsumerCardsOnly(spec: ContainerSpec): boolean {
  const types = wholeList(spec.gpuTypeIds) ?? [];
  return types.length > 0 && types.every((id) => gpuType(id)?.class === "consumer");
}

function hasNvidiaGpu(spec: ContainerSpec): boolean {
  const isOther = (id: string) => gpuType(id)?.computeCapability === null;
  const types = knownItems(spec.gpuTypeIds);
  return isKnown(spec.gpuTypeIds) && (types.length === 0 || !types.every(isOther));
}

/** Compares by number: 12.2 is below 12.11. */
function isBelow(version: string, floor: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [floorMajor = 0, floorMinor = 0] = floor.split(".").map(Number);
  return major < floorMajor || (major === floorMajor && minor < floorMinor);
}
