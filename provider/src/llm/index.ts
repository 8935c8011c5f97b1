export { type CachePath, cachePath, isUnder } from "./cache-path";
export { compatFixed } from "./cuda-compat";
export { type Diagnosis, diagnose } from "./diagnose";
export type { Confidence } from "./diagnosis/cause";
export { type Cloud, type GpuChoice, type GpuType, gpusFor, gpuType, gpuTypes } from "./gpus";
export { type ImageFacts, imageFacts } from "./image";
export { imageEntrypoint } from "./image-entrypoint";
export type { ServerSpec } from "./launch";
export {
  type GpuPrices,
  type HourlyPrice,
  hourlyPrice,
  type PricedSpec,
  type PriceTable,
  volumePricePerHour,
} from "./price";
export { readServer, type ServerCommand } from "./server";
export type { ServerKind } from "./server-image";
export { type ModelSize, type SizeQuery, sizeModel } from "./size";
