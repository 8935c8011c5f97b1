import { UserError } from "../../../provider/src/core/errors";
import { baseUrl } from "../../../provider/src/http/base-url";

describe("the URL of an API", () => {
  test.each([
    ["https://api.runpod.io/v2", "https://api.runpod.io/v2"],
    ["https://api.runpod.io/v2//", "https://api.runpod.io/v2"],
    ["https://runpod.io:8443/v2?x=1#y", "https://runpod.io:8443/v2"],
    ["https://rest.eu.runpod.io/v2", "https://rest.eu.runpod.io/v2"],
    ["https://localhost/v2", "https://localhost/v2"],
    ["http://127.0.0.1:8787/v2", "http://127.0.0.1:8787/v2"],
    ["http://localhost:8787/v2", "http://localhost:8787/v2"],
    ["http://127.255.10.53:8787/v2", "http://127.255.10.53:8787/v2"],
    ["http://[::1]:8787/v2", "http://[::1]:8787/v2"],
  ])("may be %s", (text, href) => {
    expect(baseUrl(text).href).toBe(href);
  });

  test.each([
    "http://api.runpod.io/v2",
    "http://127.0.0.1.evil.example/v2",
    "http://localhost.evil.example/v2",
    "http://evil-localhost/v2",
    "ftp://localhost/v2",
    "api.runpod.io/v2",
    "",
  ])("may not be %j, because the key would be sent unencrypted", (text) => {
    expect(() => baseUrl(text)).toThrow(UserError);
    expect(() => baseUrl(text)).toThrow("the API key is sent only over https or to this machine");
  });

  test.each([
    "https://attacker.example/v2",
    "https://api.runpod.io.attacker.example/v2",
    "https://attacker-runpod.io/v2",
    "https://runpod.io.evil/v2",
    "https://api.runpod.io@attacker.example/v2",
  ])("may not be %j, which is not RunPod's", (text) => {
    expect(() => baseUrl(text)).toThrow(UserError);
    expect(() => baseUrl(text, ["gateway.example"])).toThrow(UserError);
  });

  test("may be a gateway that the machine's owner trusts, and the error explains how", () => {
    const text = "https://Gateway.example:8443/runpod/v2";
    expect(() => baseUrl(text)).toThrow(
      "https://gateway.example:8443 is not RunPod's, so the API key is not sent there. Correct runpod:apiUrl (RUNPOD_REST_V2_URL) or runpod:graphqlUrl (RUNPOD_GRAPHQL_URL). If it is a gateway that you trust, set RUNPOD_STACK_TRUSTED_HOSTS=gateway.example in the environment.",
    );
    expect(baseUrl(text, ["gateway.example"]).host).toBe("gateway.example:8443");
    expect(() => baseUrl("http://gateway.example/v2", ["gateway.example"])).toThrow(
      "only over https",
    );
  });

  test.each(["user:pass", "user", ":pass"])("contains no %s", (credentials) => {
    expect(() => baseUrl(`https://${credentials}@api.runpod.io/v2`)).toThrow(
      "must not contain a user name",
    );
  });
});
