import type { Rule } from "../rule";
import { persistentHfCache } from "./cache";
import { commandServes } from "./command";
import { endOfLife, hourlyCost, stackCost } from "./cost";
import { cudaCompat, cudaFloor, gpuArchitecture } from "./cuda";
import { containerDiskSize } from "./disk";
import { executionTimeout } from "./execution-timeout";
import { flashboot } from "./flashboot";
import { allowedGpus, gpuFallbacks } from "./gpu";
import { gpuMemory, tensorParallel } from "./gpu-memory";
import { idleTimeout } from "./idle-timeout";
import { loadBalancerAuth } from "./load-balancer-auth";
import { allowedDataCenters, cloudType, volumePlacement, volumeProtected } from "./placement";
import { portReachable } from "./reachable";
import { imagePinned, publicEndpointAuth, reservedEnv, secretEnv, sshExposure } from "./security";
import { specSize } from "./spec-size";
import { specValid } from "./spec-valid";
import { unjudged } from "./unjudged";
import { cacheVolumeSize } from "./volume-size";
import { waiversRule } from "./waivers";
import { maxWorkersBudget, minWorkersCost } from "./worker-cost";
import { workerImage } from "./worker-image";

/** Rules about resources. container-disk-size is first because the others use its options. */
const ofResources: readonly Rule[] = [
  containerDiskSize,
  commandServes,
  persistentHfCache,
  cacheVolumeSize,
  gpuMemory,
  tensorParallel,
  portReachable,
  workerImage,
  gpuArchitecture,
  cudaFloor,
  cudaCompat,
  imagePinned,
  secretEnv,
  publicEndpointAuth,
  loadBalancerAuth,
  reservedEnv,
  sshExposure,
  gpuFallbacks,
  allowedGpus,
  allowedDataCenters,
  cloudType,
  volumePlacement,
  volumeProtected,
  unjudged,
  specSize,
  specValid,
  hourlyCost,
  stackCost,
  endOfLife,
  minWorkersCost,
  maxWorkersBudget,
  idleTimeout,
  executionTimeout,
  flashboot,
];

/** All rules. */
export const rules: readonly Rule[] = [
  ...ofResources,
  waiversRule(ofResources.map(({ name }) => name)),
];
