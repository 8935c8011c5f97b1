import { UserError } from "../../../provider/src/core/errors";
import { baseUrl } from "../../../provider/src/http/base-url";

describe("the URL of an API", () => {
  test.each([
    ["https://api.runpod.io/v2", "https://api.runpod.io/v2"],
    ["https://api.runpod.io/v2//", "https://api.runpod.io/v2"],
    ["https://gateway.example:8443/runpod/v2?x=1#y", "https://gateway.example:8443/runpod/v2"],
    ["http://127.0.0.1:8787/v2", "http://127.0.0.1:8787/v2"],
    ["http://localhost:8787/v2", "http://localhost:8787/v2"],
    ["http://[::1]:8787/v2", "http://[::1]:8787/v2"],
  ])("may be %s", (text, href) => {
    expect(baseUrl(text).href).toBe(href);
  });

  test.each([
    "http://api.runpod.io/v2",
    "http://127.0.0.1.evil.example/v2",
    "http://localhost.evil.example/v2",
    "ftp://localhost/v2",
    "api.runpod.io/v2",
    "",
  ])("may not be %j, where a key could be overheard", (text) => {
    expect(() => baseUrl(text)).toThrow(UserError);
    expect(() => baseUrl(text)).toThrow("the API key is sent over https only, or to this machine");
  });

  test("holds no password", () => {
    expect(() => baseUrl("https://user:pass@api.runpod.io/v2")).toThrow(
      "must not hold a user name",
    );
  });
});
