import type { RunpodError } from "../../../provider/src/core/errors";
import { readAnswer } from "../../../provider/src/http/answer";

const JSON_TYPE = { "content-type": "application/json" };
const PROBLEM_TYPE = { "content-type": "application/problem+json" };
const HTML_TYPE = { "content-type": "text/html; charset=UTF-8" };
const CAPACITY =
  "There are no longer any instances available with the requested specifications. Please refresh and try again.";
const MACHINE =
  "This machine does not have the resources to deploy your pod. Please try a different machine";

const reading = { operation: "reading pod abc", isIdempotent: true, secrets: [] };
const creating = {
  operation: "creating pod 'llm'",
  isIdempotent: false,
  secrets: ["s3cret-value"],
};

function errorOf(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = PROBLEM_TYPE,
  asked: typeof creating | typeof reading = creating,
): RunpodError {
  try {
    readAnswer({ status, headers, text }, asked);
  } catch (error) {
    return error as RunpodError;
  }
  throw new Error("it was taken for a good answer");
}

function problem(status: number, detail: string, errors: string[] = []): string {
  return JSON.stringify({ title: "Nope", status, detail, errors });
}

describe("a good answer", () => {
  test("is its JSON", () => {
    const answer = { status: 200, headers: JSON_TYPE, text: '{"id":"abc"}' };
    expect(readAnswer(answer, reading)).toEqual({ id: "abc" });
  });

  test.each([
    [204, ""],
    [200, " \n"],
  ])("of status %d without a body is empty", (status, text) => {
    expect(readAnswer({ status, headers: {}, text }, creating)).toBeUndefined();
  });

  test("may contain pagination", () => {
    const text = '{"readme":"<!doctype html><html>"}';
    const answer = { status: 200, headers: JSON_TYPE, text };
    expect(readAnswer(answer, reading)).toEqual(JSON.parse(text));
  });
});

describe("a refusal", () => {
  test.each([
    [400, "ports are wrong", "invalid"],
    [400, CAPACITY, "capacity"],
    [409, CAPACITY, "capacity"],
    [400, "There are not enough free GPUs on the host machine to start this pod.", "capacity"],
    [401, "no such key", "unauthorized"],
    [402, "balance too low", "balance"],
    [403, "pool not accessible", "forbidden"],
    [404, "no such pod", "notFound"],
    [408, "too slow", "server"],
    [409, "the pod is being stopped", "conflict"],
    [413, "too large", "invalid"],
    [422, "unknown field", "invalid"],
    [422, CAPACITY, "invalid"],
    [400, MACHINE, "capacity"],
    [409, MACHINE, "capacity"],
    [500, MACHINE, "capacity"],
    [503, CAPACITY, "capacity"],
    [500, "create pod: There are no instances currently available", "capacity"],
    [400, "There are no longer any instances available with enough disk space.", "capacity"],
    [404, MACHINE, "notFound"],
    [429, "slow down", "rateLimited"],
    [500, "oops", "server"],
    [503, "later", "server"],
  ])("%d %j is of kind %s %s", (status, detail, kind) => {
    expect(errorOf(status, problem(status, detail))).toMatchObject({ kind, status, detail });
  });

  test("is reported with the attempted call, status, reason, details, request id and remedy", () => {
    const headers = { ...PROBLEM_TYPE, "x-request-id": "req-1" };
    const text = problem(422, "Validation failed", ["unknown field: prots", "disk must be >= 1"]);
    expect(errorOf(422, text, headers)).toMatchObject({
      message:
        "creating pod 'llm': 422 Nope: Validation failed: unknown field: prots; disk must be >= 1 (request id req-1)",
      errors: ["unknown field: prots", "disk must be >= 1"],
      requestId: "req-1",
      operation: "creating pod 'llm'",
    });
    expect(errorOf(401, problem(401, "bad key"), headers).message).toBe(
      "creating pod 'llm': 401 Nope: bad key (request id req-1). Check the API key: runpod:apiKey or RUNPOD_API_KEY.",
    );
  });

  test.each([
    [402, "Add credit in RunPod's console under Billing."],
    [403, "Check in RunPod's console what this API key and account may do."],
  ])("of status %d has a remedy", (status, remedy) => {
    expect(errorOf(status, problem(status, "no")).message).toBe(
      `creating pod 'llm': ${status} Nope: no. ${remedy}`,
    );
  });

  test("for capacity may be in a detail", () => {
    expect(errorOf(400, problem(400, "Validation failed", [CAPACITY])).kind).toBe("capacity");
  });

  test.each([
    ["REST v1", JSON.stringify({ error: `create pod: ${MACHINE}`, status: 500 }), JSON_TYPE],
    ["GraphQL", JSON.stringify({ errors: [{ message: MACHINE }] }), JSON_TYPE],
    ["plain text", MACHINE, { "content-type": "text/plain" }],
  ])("for capacity may come in the form of %s", (_, text, headers) => {
    expect(errorOf(500, text, headers)).toMatchObject({ kind: "capacity", status: 500 });
    expect(errorOf(400, text, headers).kind).toBe("capacity");
  });

  test("for capacity is not recognized in a page", () => {
    expect(errorOf(500, `<html>${MACHINE}</html>`, HTML_TYPE).kind).toBe("server");
  });

  test.each([
    [{ title: "Nope" }, "404 Nope"],
    [{ detail: "no such pod" }, "404 Not Found: no such pod"],
    [{ title: 5, detail: "no such pod" }, "404 Not Found: no such pod"],
    [{ title: "Nope", detail: { pod: "abc" } }, "404 Nope"],
    [{ title: "Nope", errors: [5, {}, null, "no such pod"] }, "404 Nope: no such pod"],
    [{ title: "Nope", detail: "no such pod", errors: ["no such pod"] }, "404 Nope: no such pod"],
    [{ title: "Nope", detail: "  no such pod \n" }, "404 Nope: no such pod"],
  ])("is RunPod's also as %j", (body, told) => {
    expect(errorOf(404, JSON.stringify(body))).toMatchObject({
      kind: "notFound",
      message: `creating pod 'llm': ${told}`,
    });
  });

  test("contains the time to wait", () => {
    const headers = { ...PROBLEM_TYPE, "retry-after": "7" };
    expect(errorOf(429, problem(429, "slow down"), headers).retryAfterSeconds).toBe(7);
  });

  test("shows no secret that the server quotes, and not more than two kilobytes", () => {
    const text = problem(400, `env HF=s3cret-value is bad ${"x".repeat(5_000)}`, [
      "rpa_ABCDEFGH1234",
    ]);
    const error = errorOf(400, text);
    expect(error.message).not.toContain("s3cret-value");
    expect(error.message).not.toContain("rpa_ABCDEFGH1234");
    expect(error.detail?.length).toBe(2_048);
  });

  test("is reported with a limited number of details", () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `error number ${n} ${"x".repeat(90)}`);
    const { errors, message } = errorOf(422, problem(422, "Validation failed", many));
    expect(errors).toEqual(many.slice(0, 20));
    expect(message.length).toBeLessThan(2_200);
  });

  test("cannot control a terminal", () => {
    const text = problem(400, "\u001b[2J\u001b[31mred\u001b[0m\u0007 and \u202Ereversed\r\nnext");
    expect(errorOf(400, text).detail).toBe("red and reversed next");
  });

  test.each(["rpa_ABCDEFGH1234 quoted", "a\u001b[31mb", "", "x".repeat(129)])(
    "is reported without an invalid request id: %j",
    (id) => {
      const error = errorOf(400, problem(400, "no"), { ...PROBLEM_TYPE, "x-request-id": id });
      expect(error.requestId).toBeUndefined();
      expect(error.message).toBe("creating pod 'llm': 400 Nope: no");
    },
  );

  test("by GraphQL is reported with its message", () => {
    const text = JSON.stringify({ errors: [{ message: "Cannot query field" }] });
    expect(errorOf(400, text, JSON_TYPE)).toMatchObject({
      kind: "invalid",
      detail: "Cannot query field",
    });
    const two = JSON.stringify({ errors: [{ message: "one" }, { code: 5 }, { message: "two" }] });
    expect(errorOf(400, two, JSON_TYPE).detail).toBe("one; two");
  });
});

describe("a stranger's answer", () => {
  test.each([400, 402, 403, 404, 409, 422])("of status %d is not RunPod's verdict", (status) => {
    expect(errorOf(status, "<html><title>Blocked</title>", HTML_TYPE).kind).toBe("protocol");
    expect(errorOf(status, '{"error":"not found"}', JSON_TYPE).kind).toBe("protocol");
    expect(errorOf(status, "404 page not found", { "content-type": "text/plain" }).kind).toBe(
      "protocol",
    );
    expect(errorOf(status, "", {}).kind).toBe("protocol");
  });

  test("of an unknown status is reported by its number", () => {
    expect(errorOf(599, "no", {}).message).toBe(
      `creating pod 'llm': 599: "no" instead of JSON (no content type)`,
    );
  });

  test("is quoted if it is short, and else reported by its size", () => {
    const plain = { "content-type": "text/plain" };
    expect(errorOf(400, " bad s3cret-value\n", plain).detail).toBe(
      '"bad [secret]" instead of JSON (text/plain)',
    );
    expect(errorOf(400, "x".repeat(201), plain).detail).toBe(
      "an unreadable answer of 201 characters (text/plain)",
    );
    expect(errorOf(400, '{"env":{"A":"b"', JSON_TYPE).detail).toBe(
      "an unreadable answer of 15 characters (application/json)",
    );
    expect(errorOf(400, "  ", plain).detail).toBe(
      "an unreadable answer of 2 characters (text/plain)",
    );
    const text = '{"error":{"code":5},"message":"bad gateway"}';
    expect(errorOf(502, text, JSON_TYPE).detail).toMatch(
      /^bad gateway\. This is not an answer from/,
    );
  });

  test.each([
    ["by its type", "Blocked", HTML_TYPE],
    ["by its beginning", " \n <HTML lang='en'>Blocked", JSON_TYPE],
    ["by its beginning alone", "<!doctype html>Blocked", {}],
  ])("is recognized as a page %s", (_, text, headers) => {
    expect(errorOf(502, text, headers).detail).toBe("an HTML page instead of JSON");
  });

  test("in the form of REST v1 names the setting to check", () => {
    const error = errorOf(404, '{"error":"pod not found","status":404}', JSON_TYPE);
    expect(error.message).toBe(
      "creating pod 'llm': 404 Not Found: pod not found. This is not an answer from RunPod's REST API v2. Check runpod:apiUrl (RUNPOD_REST_V2_URL), which ends in /v2",
    );
  });

  test("that is a page is reported by its title and the CDN's id", () => {
    const headers = { ...HTML_TYPE, "cf-ray": "8f00-FRA" };
    const page = '<!DOCTYPE html>\n<html><head><title lang="en">\n Just a\n moment... </title>';
    expect(errorOf(403, page, headers)).toMatchObject({
      kind: "protocol",
      detail: 'an HTML page "Just a moment..." instead of JSON, cf-ray 8f00-FRA',
    });
    expect(errorOf(502, page, headers).kind).toBe("server");
    expect(errorOf(429, page, headers).kind).toBe("rateLimited");
    expect(errorOf(401, page, headers).kind).toBe("unauthorized");
  });

  test("that is a huge page is reported quickly", () => {
    const page = `<!DOCTYPE html>${"<title".repeat(1_000_000)}`;
    expect(errorOf(502, page, HTML_TYPE).detail).toBe("an HTML page instead of JSON");
  });

  test("that is nested too deeply is not parsed", () => {
    const text = '{"detail":'.repeat(100_000);
    expect(errorOf(400, text).kind).toBe("protocol");
    expect(errorOf(201, "[".repeat(65) + "]".repeat(65), JSON_TYPE).kind).toBe("ambiguous");
  });

  test("that is a redirect is not followed, and reported without the rest of its URL", () => {
    const headers = { location: "https://evil.example/steal?token=abc" };
    const { kind, detail } = errorOf(302, "", headers);
    expect(kind).toBe("protocol");
    expect(detail).toBe(
      "a redirect to https://evil.example, which is not followed: the API key is sent only to the configured API",
    );
    expect(errorOf(301, "", { location: "/elsewhere" }).detail).toContain("another address");
    expect(errorOf(300, "", {}).detail).toContain("another address");
    expect(errorOf(307, problem(307, "it moved"), headers).kind).toBe("protocol");
  });
});

describe("a block by Cloudflare", () => {
  const PLAIN = { "content-type": "text/plain; charset=UTF-8", "cf-ray": "8f00-FRA" };
  const page = (inner: string) => `<!DOCTYPE html>\n<html><head>${inner}</html>`;

  test.each([1006, 1007, 1008, 1009, 1010, 1012, 1015, 1020])(
    "with code %d is reported with the code",
    (code) => {
      for (const status of [403, 429]) {
        expect(errorOf(status, `error code: ${code}\n`, PLAIN)).toMatchObject({
          kind: "blocked",
          detail: `Cloudflare blocked this network or client (error code: ${code}, cf-ray 8f00-FRA) before the request reached RunPod, so RunPod did nothing. Check this machine's proxy, VPN or firewall, and runpod:apiUrl (RUNPOD_REST_V2_URL)`,
        });
      }
    },
  );

  test.each([
    ["Access denied | api.runpod.io used Cloudflare to restrict access", ""],
    ["Attention Required! | Cloudflare", "Sorry, you have been blocked"],
    ["Error 1015 | Rate limited", "You are being rate limited"],
    ["Access denied", '<span class="cf-error-code">1020</span>'],
  ])("is recognized by its page %s", (title, body) => {
    const text = page(`<title>${title}</title></head><body>${body}</body>`);
    expect(errorOf(403, text, HTML_TYPE).kind).toBe("blocked");
    expect(errorOf(502, text, HTML_TYPE).kind).toBe("server");
  });

  test("is recognized by its JSON, and by a challenge", () => {
    const text = JSON.stringify({
      title: "Error 1010: Access denied",
      status: 403,
      detail: "The site owner has blocked access based on your browser's signature.",
      error_code: 1010,
      cloudflare_error: true,
    });
    expect(errorOf(403, text).detail).toContain("(error code: 1010)");
    const challenge = { ...HTML_TYPE, "cf-mitigated": "challenge" };
    expect(errorOf(403, page("<title>Just a moment...</title>"), challenge).kind).toBe("blocked");
  });

  test("is not recognized in RunPod's messages, nor in errors of the origin", () => {
    expect(errorOf(403, problem(403, "error code: 1010")).kind).toBe("forbidden");
    expect(errorOf(530, "error code: 1016", PLAIN).kind).toBe("server");
  });
});

describe("a successful answer that cannot be read", () => {
  test("to a write is ambiguous: something was written", () => {
    expect(errorOf(201, '{"id":"ab', JSON_TYPE).kind).toBe("ambiguous");
    expect(errorOf(200, "<html>", HTML_TYPE).kind).toBe("ambiguous");
  });

  test("to a read is ambiguous if it is broken JSON, and another protocol if it is not JSON at all", () => {
    expect(errorOf(200, '{"pods":[', JSON_TYPE, reading).kind).toBe("ambiguous");
    expect(errorOf(200, "<html>", HTML_TYPE, reading).kind).toBe("protocol");
    expect(errorOf(200, "hello", { "content-type": "text/plain" }, reading).kind).toBe("protocol");
    expect(errorOf(200, "{", {}, reading).kind).toBe("protocol");
  });

  test("is reported by its size and type, never by its content", () => {
    expect(errorOf(201, '{"env":{"A":"b"', JSON_TYPE).detail).toBe(
      "an unreadable answer of 15 characters (application/json)",
    );
  });
});
