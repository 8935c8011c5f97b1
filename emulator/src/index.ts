export type { Speed } from "./core/clock";
export { LIVE_RATE_LIMIT, type RateLimitWindow } from "./http/rate-limit";
export { type Emulator, type EmulatorOptions, startEmulator } from "./server";
