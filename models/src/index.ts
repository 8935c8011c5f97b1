export { type CacheDoubt, type CachePath, cachePath } from "./cache-path";
export type { CommandFault } from "./command-fault";
export { commandFaults } from "./command-faults";
export type { ServerSpec } from "./command-line";
export { readContainer, unreadable } from "./container";
export { compatFixed } from "./cuda-compat";
export {
  findOption,
  type OptionKind,
  type ServerOption,
  type ServerOptions,
  serverOptions,
} from "./data/server-options";
export { diagnose, SILENT_START_LOOP } from "./diagnose";
export type { Confidence, Diagnosis } from "./diagnosis/cause";
export { ofWorker } from "./diagnosis/worker";
export { type GpuChoice, gpusFor } from "./gpu-choice";
export { type GpuNeed, gpuNeed, spreadOver } from "./gpu-memory";
export { type GpuSetup, LATEST_VLLM, readGpuSetup } from "./gpu-setup";
export {
  type Cloud,
  deviceGb,
  type GpuType,
  gpuType,
  gpuTypes,
  oneSpaced,
  similarGpuIds,
} from "./gpus";
export { type ImageFacts, imageEntrypoint, imageFacts } from "./image";
export type { Container } from "./launch";
export { MAX_COMMAND_LENGTH } from "./limits";
export { findUnreachable, isLoopback, ON_LOOPBACK } from "./listening";
export { type ModelFiles, modelFiles } from "./model-files";
export { isUnder } from "./paths";
export {
  type GpuPrices,
  HOURS_PER_MONTH,
  type HourlyPrice,
  hourlyPrice,
  type PricedSpec,
  type PriceTable,
  stoppedDiskPricePerHour,
  volumePricePerHour,
} from "./price";
export { readProgress } from "./progress";
export { readServer, readServers, type ServerCommand } from "./server";
export { knownImage, soundsLikeServer } from "./server-image";
export type { ServerKind } from "./server-words";
export {
  type ServerlessPool,
  serverlessPool,
  serverlessPools,
  serverlessPricePerHour,
  workerPrice,
} from "./serverless";
export { type ModelSize, sizeModel } from "./size";
export type { SizeQuery } from "./weights";
