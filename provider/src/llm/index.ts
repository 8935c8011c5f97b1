export { type CachePath, cachePath, isUnder } from "./cache-path";
export { compatFixed } from "./cuda-compat";
export { type Diagnosis, diagnose } from "./diagnose";
export type { Confidence } from "./diagnosis/cause";
export { type Cloud, type GpuChoice, type GpuType, gpusFor, gpuType, gpuTypes } from "./gpus";
export { type ImageFacts, imageFacts } from "./image";
export { type HourlyPrice, hourlyPrice, type PricedSpec, volumePricePerHour } from "./price";
export { readServer, type ServerCommand, type ServerKind, type ServerSpec } from "./server";
export { type ModelSize, type SizeQuery, sizeModel } from "./size";
