import type { Endpoint } from "../../state/endpoint";
import type { World } from "../../state/world";
import { hold } from "../hold";
import type { Job } from "./job";

/** Lets time pass for a job whose result is sent to a webhook, although nobody asks for it. */
export function watch(world: World, endpoint: Endpoint, job: Job): void {
  const { signal } = new AbortController();
  const isKnown = () =>
    world.store.accounts.some(({ endpoints }) => endpoints.find(endpoint.id) === endpoint);
  void hold(world, { ms: job.request.ttl, signal }, () => job.end ?? !isKnown());
}
