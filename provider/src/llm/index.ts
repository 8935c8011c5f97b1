export { type Diagnosis, diagnose } from "./diagnose";
export type { Confidence } from "./diagnosis/cause";
