export type { Speed } from "./clock";
export { LIVE_RATE_LIMIT, type RateLimitWindow } from "./rate-limit";
export { type Emulator, type EmulatorOptions, startEmulator } from "./server";
