import type { Endpoint } from "../../state/endpoint";
import type { World } from "../../state/world";
import { hold } from "../hold";
import type { JobQueue } from "./job-queue";

const WATCHED = new WeakSet<Endpoint>();

/** Lets time pass while the endpoint has jobs whose results go to a webhook, although nobody asks for them. */
export function watch(world: World, endpoint: Endpoint, queue: JobQueue): void {
  if (WATCHED.has(endpoint)) {
    return;
  }
  WATCHED.add(endpoint);
  const { signal } = new AbortController();
  const isKnown = () =>
    world.store.accounts.some(({ endpoints }) => endpoints.find(endpoint.id) === endpoint);
  const isOver = () => !isKnown() || !queue.owesWebhooks();
  void hold(world, { ms: Number.POSITIVE_INFINITY, signal }, isOver).finally(() =>
    WATCHED.delete(endpoint),
  );
}
