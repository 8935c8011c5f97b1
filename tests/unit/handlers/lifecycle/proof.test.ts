import { markedName } from "../../../../provider/src/core/mark";
import { mayHaveCreated, proves } from "../../../../provider/src/handlers/lifecycle/proof";
import { readState } from "../../../../provider/src/handlers/lifecycle/stack-state";
import { exported, legacyToken, OWNER, resource, token } from "../../../support/exported-state";

/** The entry of a create in which an earlier run was interrupted. */
const earlier = resource("Pod", "a");

describe("entries of a resource", () => {
  const stored = (...resources: object[]) => {
    const [share] = readState(exported([], resources)).shares;
    return share?.pending ?? [];
  };
  const [itsToken, name] = [token("Pod", "a"), markedName("a", token("Pod", "a"))];
  const explicit = stored(resource("Pod", "a", { inputs: { name: "llm" } }));
  const legacy = stored(resource("Pod", "a", { token: legacyToken("Pod", "a") }));
  const legacyName = markedName("a", legacyToken("Pod", "a"));

  test.each([
    ["a pod with the very token and name", stored(earlier), { name, token: itsToken }],
    ["a pod of a name that the program chose", explicit, { name: "llm", token: itsToken }],
    ["a volume with the very automatic name", stored(earlier), { name }],
  ])("prove %s", (_, entries, candidate) => {
    expect(proves(entries, { id: "x", ...candidate })).toBe(true);
    expect(mayHaveCreated(entries, { id: "x", ...candidate })).toBe(true);
  });

  test("prove a pod of one of several runs by the token and the name of the same run", () => {
    const again = token("Pod", "a", OWNER, "cccccccc");
    const entries = stored(earlier, resource("Pod", "a", { token: again }));
    expect(proves(entries, { id: "x", name: markedName("a", again), token: again })).toBe(true);
  });

  test.each([
    ["a pod of that name with another token", stored(earlier), { name, token: token("Pod", "b") }],
    ["a pod of that name without one", stored(earlier), { name, token: "" }],
    [
      "a pod with the token that was renamed, as when adopted",
      stored(earlier),
      { name: "a-1", token: itsToken },
    ],
    ["a volume of a name that the program chose", explicit, { name: "llm" }],
    ["a volume of another name", stored(earlier), { name: "a" }],
    ["anything where there are none", [], { name, token: itsToken }],
  ])("prove nothing about %s", (_, entries, candidate) => {
    expect(proves(entries, { id: "x", ...candidate })).toBe(false);
    expect(mayHaveCreated(entries, { id: "x", ...candidate })).toBe(false);
  });

  test.each([
    ["pod", { name: legacyName, token: legacyToken("Pod", "a") }],
    ["pod that was renamed", { name: "anything", token: legacyToken("Pod", "a") }],
    ["volume", { name: legacyName }],
  ])("of an older release leave a %s doubtful, because its token is shared", (_, candidate) => {
    expect(proves(legacy, { id: "x", ...candidate })).toBe(false);
    expect(mayHaveCreated(legacy, { id: "x", ...candidate })).toBe(true);
  });

  test("prove a pod by its token if the state has its name as a secret", () => {
    const secret = stored(resource("Pod", "a", { inputs: { name: { ciphertext: "x" } } }));
    expect(proves(secret, { id: "x", name: "any", token: itsToken })).toBe(true);
    expect(proves(secret, { id: "x", name: "any", token: `${itsToken.slice(0, -1)}0` })).toBe(
      false,
    );
  });

  test("of an older release prove nothing about a volume whose name the program chose", () => {
    const entries = stored(
      resource("Volume", "a", { token: legacyToken("Volume", "a"), inputs: { name: "models" } }),
    );
    expect(mayHaveCreated(entries, { id: "x", name: "models" })).toBe(false);
  });
});
