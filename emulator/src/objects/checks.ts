import { ApiError } from "../core/problem";
import type { PodMounts } from "../state/pod";

/** Rules that the API's schema cannot express; RunPod answers with a 400. */

const MAX_BODY_BYTES = 102_400;
const MAX_ENV = 50;
const MAX_HTTP_PORTS = 10;
const PORT = /^([1-9]\d{0,4})\/(http|tcp)$/;
const LAST_PORT = 65_535;
/** From here on, a TCP port is a request for the same port inside and outside. */
const SYMMETRICAL_PORT = 70_000;
/** As REST v1 describes it. */
const MAX_NAME = 191;
/** Of one machine; RunPod publishes no number. */
const MAX_DISK_GB = 20_000;
/** Variables that RunPod sets itself; they do not count against the limit. */
const PREDEFINED =
  /^(PUBLIC_KEY|JUPYTER_PASSWORD|RUNPOD_(POD_ID|DC_ID|POD_HOSTNAME|GPU_COUNT|CPU_COUNT|PUBLIC_IP|TCP_PORT_\d{1,5}|VOLUME_ID|API_KEY))$/;

export function checkPorts(ports: readonly string[]): void {
  const wrong = ports.find((port) => !isPort(port));
  if (wrong !== undefined) {
    throw new ApiError(
      400,
      `invalid port "${wrong}": expected <port>/http or <port>/tcp with a port from 1 to ${LAST_PORT}`,
    );
  }
  const http = ports.filter((port) => port.endsWith("/http"));
  if (http.length > MAX_HTTP_PORTS) {
    throw new ApiError(
      400,
      `at most ${MAX_HTTP_PORTS} HTTP ports can be exposed, got ${http.length}`,
    );
  }
}

function isPort(text: string): boolean {
  const [, port, protocol] = PORT.exec(text) ?? [];
  const number = Number(port);
  return number <= LAST_PORT || (protocol === "tcp" && number >= SYMMETRICAL_PORT);
}

export function checkName(name: string): void {
  if ([...name].length > MAX_NAME) {
    throw new ApiError(400, `name must be at most ${MAX_NAME} characters long`);
  }
}

/** Whether a machine can have disks of this size together. */
export function fitsMachine(diskGb: number, persistentGb: number): boolean {
  return diskGb + persistentGb <= MAX_DISK_GB;
}

export function checkEnv(env: Readonly<Record<string, string>>): void {
  const own = Object.keys(env).filter((key) => !PREDEFINED.test(key));
  if (own.length > MAX_ENV) {
    throw new ApiError(
      400,
      `at most ${MAX_ENV} environment variables are allowed, got ${own.length}`,
    );
  }
}

export function checkOneMountKind(mounts: PodMounts): void {
  if (mounts.persistent && mounts.network?.length) {
    throw new ApiError(400, "mounts.persistent and mounts.network are mutually exclusive");
  }
}

/** @throws 413 for a body that is longer than RunPod reads. */
export function checkSize(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BODY_BYTES) {
    throw new ApiError(
      413,
      `request of ${bytes} bytes exceeds the limit of ${MAX_BODY_BYTES} bytes`,
    );
  }
}
