export { type CachePath, cachePath, isUnder } from "./cache-path";
export { compatFixed } from "./cuda-compat";
export { diagnose, SILENT_START_LOOP } from "./diagnose";
export type { Confidence, Diagnosis } from "./diagnosis/cause";
export { type GpuChoice, gpusFor } from "./gpu-choice";
export { type GpuNeed, gpuNeed, spreadOver } from "./gpu-memory";
export { type GpuSetup, LATEST_VLLM, readGpuSetup } from "./gpu-setup";
export { type Cloud, deviceGb, type GpuType, gpuType, gpuTypes, similarGpuIds } from "./gpus";
export { type ImageFacts, imageEntrypoint, imageFacts } from "./image";
export { type ServerSpec, unreadable } from "./launch";
export { MAX_COMMAND_LENGTH } from "./limits";
export { findUnreachable, ON_LOOPBACK } from "./listening";
export {
  type GpuPrices,
  type HourlyPrice,
  hourlyPrice,
  type PricedSpec,
  type PriceTable,
  stoppedDiskPricePerHour,
  volumePricePerHour,
} from "./price";
export { readProgress } from "./progress";
export { readServer, type ServerCommand } from "./server";
export type { ServerKind } from "./server-image";
export { type ModelSize, sizeModel } from "./size";
export type { SizeQuery } from "./weights";
