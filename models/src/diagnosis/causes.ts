import { ARGUMENT_CAUSES } from "./arguments";
import type { Cause } from "./cause";
import { CODE_CAUSES } from "./code";
import { DISK_CAUSES } from "./disk";
import { GPU_CAUSES } from "./gpu";
import { HARDWARE_CAUSES } from "./hardware";
import { HUB_CAUSES } from "./hub";
import { IMAGE_CAUSES } from "./image";
import { MEMORY_CAUSES } from "./memory";
import { PARALLEL_CAUSES } from "./parallel";
import { REPORT_CAUSE } from "./report";
import { SERVER_CAUSES } from "./server";
import { STORAGE_CAUSES } from "./storage";
import { WEIGHTS_CAUSES } from "./weights";

/** With equal confidence the earlier cause wins, so platform causes come before server causes. */
export const CAUSES: readonly Cause[] = [
  ...DISK_CAUSES,
  ...STORAGE_CAUSES,
  ...HARDWARE_CAUSES,
  ...GPU_CAUSES,
  ...MEMORY_CAUSES,
  ...HUB_CAUSES,
  ...WEIGHTS_CAUSES,
  ...IMAGE_CAUSES,
  ...CODE_CAUSES,
  ...ARGUMENT_CAUSES,
  ...PARALLEL_CAUSES,
  ...SERVER_CAUSES,
  REPORT_CAUSE,
];
