import type { Cause } from "./cause";
import { DISK_CAUSES } from "./disk";
import { GPU_CAUSES } from "./gpu";
import { HUB_CAUSES } from "./hub";
import { IMAGE_CAUSES } from "./image";
import { MEMORY_CAUSES } from "./memory";
import { SERVER_CAUSES } from "./server";

/** Between equal confidences the earlier cause wins: the platform before the server that stands on it. */
export const CAUSES: readonly Cause[] = [
  ...DISK_CAUSES,
  ...GPU_CAUSES,
  ...MEMORY_CAUSES,
  ...HUB_CAUSES,
  ...IMAGE_CAUSES,
  ...SERVER_CAUSES,
];
