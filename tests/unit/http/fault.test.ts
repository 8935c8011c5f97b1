import { faultOf } from "../../../provider/src/http/fault";

test.each([
  ["ECONNREFUSED", "refused"],
  ["EHOSTUNREACH", "refused"],
  ["ENOTFOUND", "dns"],
  ["EAI_AGAIN", "dns"],
  ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
  ["UND_ERR_HEADERS_TIMEOUT", "timeout"],
  ["UND_ERR_BODY_TIMEOUT", "timeout"],
  ["ETIMEDOUT", "timeout"],
  ["ECONNRESET", "reset"],
  ["UND_ERR_SOCKET", "reset"],
  ["EPIPE", "reset"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
  ["CERT_HAS_EXPIRED", "tls"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls"],
  ["HPE_INVALID_CONSTANT", "other"],
])("%s is told as %s", (code, kind) => {
  expect(faultOf(Object.assign(new Error("it broke"), { code }))).toEqual({
    kind,
    message: "it broke",
  });
});

test("an error without a message is told by its code", () => {
  const error = Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" });
  expect(faultOf(error)).toEqual({ kind: "refused", message: "ECONNREFUSED" });
});

test("the end of the time allowed is a time-out", () => {
  expect(faultOf(new DOMException("no answer within 30s", "TimeoutError")).kind).toBe("timeout");
});
