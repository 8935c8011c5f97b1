/** Why there was no answer. */
export interface Fault {
  readonly kind: "refused" | "dns" | "tls" | "timeout" | "reset" | "other";
  readonly message: string;
}

const DNS = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME"]);
const REFUSED = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);
const RESET = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "UND_ERR_SOCKET"]);
const TIMEOUT = /TIMEOUT|ETIMEDOUT/;
const TLS = /^(CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)|_CERT/;

/** What an error of the network layer says. */
export function faultOf(error: unknown): Fault {
  const { code, name, message } = error as Error & { code?: unknown };
  return { kind: kindOf(String(code ?? ""), name), message: message || String(code ?? name) };
}

function kindOf(code: string, name: string): Fault["kind"] {
  if (REFUSED.has(code)) return "refused";
  if (DNS.has(code)) return "dns";
  if (TIMEOUT.test(code) || name === "TimeoutError") return "timeout";
  if (RESET.has(code)) return "reset";
  return TLS.test(code) ? "tls" : "other";
}
