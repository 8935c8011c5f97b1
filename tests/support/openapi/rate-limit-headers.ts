type Window = { readonly name: string; readonly parameters: Readonly<Record<string, number>> };

/** What is wrong with an answer's `RateLimit-Policy` and `RateLimit`, by header; nothing if both are absent. */
export function rateLimitFaults(
  headers: Readonly<Record<string, string>>,
): { readonly header: string; readonly message: string }[] {
  const [policyText, stateText] = [headers["ratelimit-policy"], headers["ratelimit"]];
  if (policyText === undefined && stateText === undefined) {
    return [];
  }
  const policy = windows(policyText, ["q", "w"]);
  const state = windows(stateText, ["r", "t"]);
  const form = (header: string, example: string) => ({
    header,
    message: `is not a list of windows such as ${example}`,
  });
  if (policy === undefined) {
    return [form("ratelimit-policy", '"minute";q=60;w=60')];
  }
  if (state === undefined) {
    return [form("ratelimit", '"minute";r=59;t=12')];
  }
  return state.flatMap(({ name, parameters: { r = 0, t = 0 } }) => {
    const quota = policy.find((window) => window.name === name)?.parameters;
    const fault = (message: string) => [{ header: "ratelimit", message: `"${name}" ${message}` }];
    if (quota === undefined) {
      return fault("is in no policy");
    }
    if (r > (quota["q"] ?? 0)) {
      return fault("has more left than its quota");
    }
    return t > (quota["w"] ?? 0) ? fault("resets later than its window is long") : [];
  });
}

/** A structured-field list of strings with whole-number parameters (RFC 9651); undefined if it is not one. */
function windows(text: string | undefined, wanted: readonly string[]): Window[] | undefined {
  const found = (text ?? "").split(/,\s*/).map((item) => {
    const [, name, tail = ""] = /^"([^"\\]+)"((?:;[a-z]+=\d+)+)$/.exec(item) ?? [];
    const parameters = Object.fromEntries(
      [...tail.matchAll(/;([a-z]+)=(\d+)/g)].map(([, key = "", value]) => [key, Number(value)]),
    );
    const isWhole = wanted.every((key) => parameters[key] !== undefined);
    return name === undefined || !isWhole ? undefined : { name, parameters };
  });
  return found.some((window) => window === undefined) ? undefined : (found as Window[]);
}
