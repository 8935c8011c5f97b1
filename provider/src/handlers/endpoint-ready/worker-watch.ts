import { multiline, type Safe, safe } from "@runpod-stack/kit";
import {
  type Diagnosis,
  diagnose,
  ON_LOOPBACK,
  ofWorker,
  readProgress,
} from "@runpod-stack/models";
import type { Endpoint, EndpointWorkers, LogLine } from "../../api";
import { formatDuration } from "../../core/duration";
import { isRunpodError } from "../../core/errors";
import type { Context } from "../lifecycle/context";
import { explain } from "../lifecycle/explanation";
import { lookUp } from "../lifecycle/look-up";
import { LIST_LAG_MS } from "../lifecycle/snapshot";
import { NotReady, type Wait } from "./ready";

type Worker = NonNullable<EndpointWorkers["workers"]>[number];

const STATUS_AGE_MS = 10_000;
const FIRST_CHECK_MS = 5_000;
const LONGEST_CHECK_MS = 60_000;
/** For how long no worker may be able to serve before the wait fails. */
const THROTTLED_MS = 5 * 60_000;
const UNSERVED_MS = 5 * 60_000;
const UNHEALTHY_MS = 2 * 60_000;
const LOG_TAIL = 1_000;
const LOG_BYTES = 4_194_304;
/** Workers whose logs say most about a failure come first. */
const TELLING = ["UNHEALTHY", "INITIALIZING", "RUNNING", "IDLE"];

/** Why no worker serves, as far as their statuses show it. */
type Trouble = "throttled" | "unserved" | "unhealthy";

/** Watches the workers of an endpoint, and detects that none of them will serve. */
export class WorkerWatch {
  #endpoint: Endpoint | undefined;
  #workers: readonly Worker[] = [];
  #counts: Counts = countsOf([], undefined);
  #doing: Safe = safe`no worker yet`;
  #progress: string | null = null;
  #trouble: { readonly kind: Trouble; readonly since: number } | undefined;
  #nextCheck = 0;
  #pause = FIRST_CHECK_MS;
  #lastCause: string | null = null;
  #missedSince: number | undefined;

  constructor(
    private readonly context: Context,
    private readonly wait: Wait,
  ) {}

  /** What the workers are doing, in a few words. */
  get doing(): Safe {
    return this.#progress === null ? this.#doing : safe`${this.#doing}, ${this.#progress}`;
  }

  /**
   * The endpoint as it is now; undefined while RunPod does not show it.
   * @param isTaken whether a worker is known to have the request @throws NotReady
   */
  async check(elapsed: number, isTaken: boolean): Promise<Endpoint | undefined> {
    const endpoint = await this.#read();
    if (endpoint === undefined) {
      return this.#endpoint;
    }
    this.#endpoint = endpoint;
    if (endpoint.workers?.max === 0) {
      throw new NotReady(endpoint, this.#parkedText());
    }
    if (elapsed >= this.#nextCheck) {
      this.#nextCheck = elapsed + this.#pause;
      this.#pause = Math.min(this.#pause * 2, LONGEST_CHECK_MS);
      await this.#look(endpoint, elapsed, isTaken);
    }
    return endpoint;
  }

  /** Whether a worker belongs to a former release. False if that is not known. */
  async isStale(workerId: string | undefined): Promise<boolean> {
    if (workerId === undefined) {
      return false;
    }
    await this.#list();
    return this.#workers.some(({ id, isStale }) => id === workerId && isStale === true);
  }

  /** A failure, with what the workers' logs show of its cause. @param remedy for an unknown cause */
  async explained(failure: Safe, remedy: Safe): Promise<Safe> {
    const lines = await this.#logs();
    const found = this.#diagnose(lines);
    const end = found.cause === null ? [remedy] : [];
    return multiline(safe`${failure}`, ...explain(found, lines, this.#endpoint), ...end);
  }

  /** The message for a timeout. */
  timeoutText(doing: Safe): Promise<Safe> {
    const { endpointId, timeout } = this.wait;
    return this.explained(
      safe`Endpoint ${endpointId} did not answer within ${formatDuration(timeout)}: ${doing}; ${this.doing}.`,
      safe`Run \`pulumi up\` to wait again, or set \`timeout\` for a longer wait.`,
    );
  }

  async #read(): Promise<Endpoint | undefined> {
    const { endpoints, api } = this.context;
    const { endpointId } = this.wait;
    const endpoint = await lookUp(endpoints, api.endpoints, endpointId, STATUS_AGE_MS);
    if (endpoint === "missing") {
      return this.#missed();
    }
    this.#missedSince = endpoint === undefined ? this.#missedSince : undefined;
    return endpoint;
  }

  /** Treats an endpoint that is neither listed nor found as gone only once that cannot be list lag. */
  #missed(): undefined {
    const now = this.context.clock.monotonic();
    this.#missedSince ??= now;
    if (now - this.#missedSince < LIST_LAG_MS) {
      return undefined;
    }
    const { origin, fingerprint } = this.context.api.account;
    throw new NotReady(
      undefined,
      multiline(
        safe`Endpoint ${this.wait.endpointId} was not found for ${formatDuration(now - this.#missedSince)}, neither in the list nor by its id.`,
        safe`It may have been deleted, or belong to another account than the one in use (API key fingerprint ${fingerprint}, ${origin}). Run \`pulumi refresh\`, and then \`pulumi up\`; or pass the endpoint's own provider.`,
      ),
    );
  }

  async #look(endpoint: Endpoint, elapsed: number, isTaken: boolean): Promise<void> {
    if (!(await this.#list())) {
      return;
    }
    const { serving, starting, throttled, unhealthy } = this.#counts;
    this.#doing = describe(this.#counts);
    const trouble: Trouble | undefined =
      isTaken || serving + starting > 0
        ? undefined
        : unhealthy > 0
          ? "unhealthy"
          : throttled > 0
            ? "throttled"
            : "unserved";
    const isSame = trouble !== undefined && this.#trouble?.kind === trouble;
    this.#trouble = isSame ? this.#trouble : trouble && { kind: trouble, since: elapsed };
    if (starting + unhealthy > 0) {
      await this.#readLogs(endpoint);
    } else {
      this.#progress = null;
    }
    await this.#failIfHopeless(endpoint, elapsed);
  }

  /** Whether RunPod showed the workers. An error here must not end the wait. */
  async #list(): Promise<boolean> {
    try {
      const { workers, summary } = await this.context.api.endpoints.workers(this.wait.endpointId);
      this.#workers = workers ?? [];
      this.#counts = countsOf(workers ?? [], summary);
      return workers !== undefined || summary !== undefined;
    } catch (error) {
      if (isRunpodError(error)) {
        return false;
      }
      throw error;
    }
  }

  /** @throws NotReady if the logs show the same cause of failure as before */
  async #readLogs(endpoint: Endpoint): Promise<void> {
    const lines = await this.#logs();
    this.#progress = readProgress(lines.map(({ line }) => line));
    const found = this.#diagnose(lines);
    const isRepeated = found.cause !== null && found.cause === this.#lastCause;
    this.#lastCause = found.cause;
    if (isRepeated && found.confidence !== "possible") {
      throw new NotReady(
        endpoint,
        multiline(
          safe`The workers of endpoint ${this.wait.endpointId} are failing.`,
          ...explain(found, lines, endpoint),
        ),
      );
    }
  }

  #diagnose(lines: readonly LogLine[]): Diagnosis {
    const texts = lines.map(({ line }) => line);
    const found = ofWorker(diagnose(texts));
    // The server of a queue's worker is asked only by the handler next to it.
    const isNormal = found.cause === ON_LOOPBACK && this.wait.path === undefined;
    return isNormal ? { ...found, cause: null } : found;
  }

  async #failIfHopeless(endpoint: Endpoint, elapsed: number): Promise<void> {
    if (this.#trouble === undefined) {
      return;
    }
    const { kind, since } = this.#trouble;
    const { endpointId } = this.wait;
    const time = formatDuration(elapsed - since);
    if (kind === "throttled" && elapsed - since >= THROTTLED_MS) {
      throw new NotReady(
        endpoint,
        safe`All workers of endpoint ${endpointId} have been throttled for ${time}: RunPod has no free machine for them. Add GPU types to gpuTypeIds, allow more data centers, or remove a network volume that ties the endpoint to one; see getGpuTypes for what is in stock. Throttled workers are not billed.`,
      );
    }
    if (kind === "unserved" && elapsed - since >= UNSERVED_MS) {
      throw new NotReady(
        endpoint,
        safe`RunPod has started no worker for endpoint ${endpointId} in ${time}. Check in RunPod's console that the account has credit, and that its endpoints together have not reached the account's limit of workers; lower workersMax of other endpoints.`,
      );
    }
    if (kind === "unhealthy" && elapsed - since >= UNHEALTHY_MS) {
      const failure = safe`All workers of endpoint ${endpointId} have been unhealthy for ${time}.`;
      const remedy = safe`Correct the workers' image or settings, and run \`pulumi up\`.`;
      throw new NotReady(endpoint, await this.explained(failure, remedy));
    }
  }

  #parkedText(): Safe {
    return safe`Endpoint ${this.wait.endpointId} has workersMax 0, so nothing takes its requests. Set workersMax to 1 or more. RunPod itself sets it to 0 after 7 days without requests; to undo that, run \`pulumi up\` once with restoreWorkers: true on the endpoint.`;
  }

  /** The log of the worker that shows most. An error in reading it must not hide the failure. */
  async #logs(): Promise<LogLine[]> {
    const rank = ({ status }: Worker) => TELLING.indexOf(status);
    const [worker] = this.#workers
      .filter((one) => one.isStale !== true && rank(one) >= 0)
      .toSorted((a, b) => rank(a) - rank(b));
    if (worker === undefined) {
      return [];
    }
    try {
      const limits = { tail: LOG_TAIL, maxBytes: LOG_BYTES };
      return await this.context.api.endpoints.workerLogs(this.wait.endpointId, worker.id, limits);
    } catch {
      return [];
    }
  }
}

/** How many workers there are of each kind. */
interface Counts {
  readonly serving: number;
  readonly starting: number;
  readonly throttled: number;
  readonly unhealthy: number;
}

function countsOf(workers: readonly Worker[], summary: EndpointWorkers["summary"]): Counts {
  const count = (status: string) => workers.filter((worker) => worker.status === status).length;
  return {
    serving: (summary?.running ?? count("RUNNING")) + (summary?.idle ?? count("IDLE")),
    starting: summary?.initializing ?? count("INITIALIZING"),
    throttled: summary?.throttled ?? count("THROTTLED"),
    unhealthy: summary?.unhealthy ?? count("UNHEALTHY"),
  };
}

/** "workers: 1 starting, 2 throttled". */
function describe({ serving, starting, throttled, unhealthy }: Counts): Safe {
  const parts = [
    [serving, "ready"],
    [starting, "starting"],
    [throttled, "throttled"],
    [unhealthy, "unhealthy"],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return shown.length === 0 ? safe`no worker yet` : safe`workers: ${shown.join(", ")}`;
}
