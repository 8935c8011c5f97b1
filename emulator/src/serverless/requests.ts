import { seededRandom } from "../core/random";
import type { Endpoint, Requests } from "../state/endpoint";
import type { World } from "../state/world";
import { Balancer } from "./balancer/balancer";
import { newJobId } from "./jobs/job";
import { JobLimits } from "./jobs/job-limits";
import { JobQueue } from "./jobs/job-queue";
import { webhookSender } from "./jobs/webhook";

/** How long a handler takes if no test says otherwise (milliseconds). */
const USUAL_MS = 1_000;

/** The requests of an endpoint, in the way of its type. */
export function requestsOf(world: World, endpoint: Endpoint): Requests {
  return endpoint.type === "QUEUE" ? queueOf(world, endpoint) : balancerOf(endpoint);
}

const QUEUES = new WeakMap<Endpoint, JobQueue>();
const BALANCERS = new WeakMap<Endpoint, Balancer>();
const LIMITS = new WeakMap<Endpoint, JobLimits>();

/** The queue of an endpoint that has had jobs. */
export function knownQueueOf(endpoint: Endpoint): JobQueue | undefined {
  return QUEUES.get(endpoint);
}

/** The queue of a queue-based endpoint. */
export function queueOf(world: World, endpoint: Endpoint): JobQueue {
  const known = QUEUES.get(endpoint);
  if (known) {
    return known;
  }
  const { seed, speed } = world.options;
  const queue = new JobQueue(endpoint, {
    jobId: (number) => newJobId(seededRandom(seed, "job", endpoint.id, number)),
    usualMs: speed === "instant" ? 0 : USUAL_MS,
    notify: webhookSender(world),
  });
  QUEUES.set(endpoint, queue);
  return queue;
}

/** RunPod's limits for the operations of an endpoint. */
export function limitsOf({ clock }: World, endpoint: Endpoint): JobLimits {
  const limits = LIMITS.get(endpoint) ?? new JobLimits(() => clock.wall());
  LIMITS.set(endpoint, limits);
  return limits;
}

/** The open requests of a load-balancing endpoint. */
export function balancerOf(endpoint: Endpoint): Balancer {
  const balancer = BALANCERS.get(endpoint) ?? new Balancer(endpoint);
  BALANCERS.set(endpoint, balancer);
  return balancer;
}
