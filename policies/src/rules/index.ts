import type { Rule } from "../rule";
import { cacheVolumeSize, persistentHfCache } from "./cache";
import { endOfLife, hourlyCost, stackCost } from "./cost";
import { cudaCompat, cudaFloor, gpuArchitecture } from "./cuda";
import { containerDiskSize } from "./disk";
import { allowedGpus, gpuFallbacks, gpuMemory, tensorParallel } from "./gpu";
import { allowedDataCenters, cloudType, volumePlacement, volumeProtected } from "./placement";
import { imagePinned, publicEndpointAuth, reservedEnv, secretEnv, sshExposure } from "./security";
import { specSize } from "./spec-size";
import { specValid } from "./spec-valid";
import { waiversRule } from "./waivers";

/** The rules about resources. The first holds the figures that the others use, and so comes first. */
const ofResources: readonly Rule[] = [
  containerDiskSize,
  persistentHfCache,
  cacheVolumeSize,
  gpuMemory,
  tensorParallel,
  gpuArchitecture,
  cudaFloor,
  cudaCompat,
  imagePinned,
  secretEnv,
  publicEndpointAuth,
  reservedEnv,
  sshExposure,
  gpuFallbacks,
  allowedGpus,
  allowedDataCenters,
  cloudType,
  volumePlacement,
  volumeProtected,
  specSize,
  specValid,
  hourlyCost,
  stackCost,
  endOfLife,
];

/** All rules. */
export const rules: readonly Rule[] = [
  ...ofResources,
  waiversRule(ofResources.map(({ name }) => name)),
];
