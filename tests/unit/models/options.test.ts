import {
  isGiven,
  option,
  optionValues,
  positional,
  positionals,
} from "../../../models/src/options";
import { isUnder, resolved } from "../../../models/src/paths";

const words = (text: string) => text.split(" ");

test.each<[string, string[]]>([
  ["--port 80", ["80"]],
  ["--port=80", ["80"]],
  ["--port=", [""]],
  ["--port=a=b", ["a=b"]],
  ["--port 80 --port 81", ["80", "81"]],
  ["--port -1", ["-1"]],
  ["--port -.5", ["-.5"]],
  ["--port --x", []],
  ["--port -x", []],
  ["--port", []],
  ["-p 80", ["80"]],
  ["-p=80", []],
  ["--my_port 80", ["80"]],
  ["--my_port=a_b", ["a_b"]],
  ["--my-port 80", ["80"]],
  ["-my_port 80", []],
  ["--ports 80", []],
  ["x --p 80", []],
])("The values of a port in %s are %j", (args, values) => {
  const names = ["--port", "-p", "--my-port", "-my-port"];
  expect(optionValues(words(args), names)).toStrictEqual(values);
  expect(option(words(args), names)).toBe(values.at(-1) ?? null);
});

test.each([
  ["--headless", true],
  ["x --headless=true", true],
  ["--head_less", true],
  ["--head-less_=1", false],
  ["x", false],
])("%s gives the option: %s", (args, is) => {
  expect(isGiven(words(args), ["--headless", "--head-less"])).toBe(is);
});

test.each<[string, string[]]>([
  ["a b", ["a", "b"]],
  ["--port 80 a", ["a"]],
  ["--port=80 a", ["a"]],
  ["-p 80 a", ["a"]],
  ["--port 80 a b", ["a", "b"]],
  ["--port -1 a", ["a"]],
  ["--trust-remote-code a", ["a"]],
  ["--trust_remote_code a", ["a"]],
  ["--enforce-eager a", ["a"]],
  ["--enable-x a", ["a"]],
  ["--disable-x a", ["a"]],
  ["--no-x a", ["a"]],
  ["--headless a", ["a"]],
  ["x--no-x a", ["x--no-x", "a"]],
  ["--x--no-x v a", ["a"]],
  ["--served-model-name a b", []],
  ["--served_model_name a b --seed 1 c", ["c"]],
  ["--served-model-name=a b", ["b"]],
  ["--x--served-model-name v a", ["a"]],
  ["--api-key a b", []],
  ["--lora-modules a b", []],
  ["--allowed-origins a b", []],
  ["", [""]],
])("The words without an option in %s are %j", (args, found) => {
  expect(positionals(words(args))).toEqual(found);
  expect(positional(words(args))).toBe(found[0] ?? null);
});

test("Other switches may be given", () => {
  expect(positionals(words("--quiet a"), /^--quiet$/)).toEqual(["a"]);
  expect(positionals(words("--quiet a"), /^--other$/)).toEqual([]);
});

test.each<[string, string | null, Record<string, string>, string]>([
  ["/a/b", "/w", {}, "/a/b"],
  ["a", "/w", {}, "/w/a"],
  ["a", null, {}, "/a"],
  ["./a/../b//c/.", "/w", {}, "/w/b/c"],
  ["../..", "/w", {}, "/"],
  ["~", "/w", {}, "/root"],
  ["~/a", "/w", {}, "/root/a"],
  ["~/a", "/w", { HOME: "/srv/x" }, "/srv/x/a"],
  ["~/a", "/w", { HOME: "" }, "/root/a"],
  ["~a/b", "/w", {}, "/~a/b"],
  ["/a/~/b", "/w", {}, "/a/~/b"],
  ["a/~", "/w", {}, "/w/a/~"],
])("The path %s in %s is absolute", (path, folder, variables, absolute) => {
  expect(resolved(path, { folder, variables })).toBe(absolute);
});

test.each([
  ["/w/a", "/w/", true],
  ["/w", "/w/.", true],
  ["/wa", "/w", false],
  ["/a", "/", true],
  ["/", "/", true],
  ["/w/../a", "/w", false],
])("%s is under %s: %s", (path, mount, is) => {
  expect(isUnder(path, mount)).toBe(is);
});
