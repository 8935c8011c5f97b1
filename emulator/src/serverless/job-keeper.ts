import type { JobKeeper } from "../state/saved-account";
import type { SavedQueue } from "./jobs/job-queue";
import { watch } from "./jobs/watch";
import { knownQueueOf, queueOf } from "./requests";

/** The jobs of endpoints for a state file. */
export const jobKeeper: JobKeeper = {
  save: (endpoint) => knownQueueOf(endpoint)?.save() ?? null,
  jobs: (endpoint) => knownQueueOf(endpoint)?.savedJobs() ?? [],
  restore: (world, endpoint, saved) => queueOf(world, endpoint).restore(saved as SavedQueue),
  resume(world, endpoint) {
    const queue = knownQueueOf(endpoint);
    if (queue) {
      watch(world, endpoint, queue);
    }
  },
};
