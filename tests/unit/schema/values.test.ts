import type { z } from "zod";
import {
  argv,
  cudaVersion,
  duration,
  env,
  gpuTypeId,
  listOf,
  mountPath,
  objectId,
  oneOf,
  ports,
  text,
  whole,
} from "../../../provider/src/schema/values";

interface Boundary {
  readonly what: string;
  readonly value: z.ZodType;
  readonly good: readonly unknown[];
  readonly bad: readonly unknown[];
}

const http = (count: number) => Array.from({ length: count }, (_, at) => `${8000 + at}/http`);
const SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@home";

const boundaries: readonly Boundary[] = [
  { what: "a text", value: text, good: ["x", " "], bad: ["", 1, ["x"]] },
  {
    what: "a whole number with a least",
    value: whole("GB", 10),
    good: [10, 1e6],
    bad: [9, 10.5, "10", Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53],
  },
  {
    what: "a whole number in a range",
    value: whole("", 1, 65_535),
    good: [1, 65_535],
    bad: [0, 65_536],
  },
  { what: "a word", value: oneOf(["A", "B"]), good: ["A", "B"], bad: ["a", "", "AB"] },
  {
    what: "a list",
    value: listOf(text, "words"),
    good: [[], ["a", "b"]],
    bad: [["a", "a"], "a", [1]],
  },
  {
    what: "a list with something in it",
    value: listOf(text, "words", 1),
    good: [["a"]],
    bad: [[]],
  },
  { what: "an argument vector", value: argv, good: [[], ["a", "a", ""]], bad: ["a b", ["a", 1]] },
  {
    what: "ports",
    value: ports,
    good: [["1/http", "65535/tcp"], ["70000/tcp", "99999/tcp"], http(10), [...http(10), "22/tcp"]],
    bad: [
      ["0/http"],
      ["65536/http"],
      ["65536/tcp"],
      ["69999/tcp"],
      ["70000/http"],
      ["100000/tcp"],
      ["8000"],
      ["8000/HTTP"],
      [" 8000/http"],
      ["8000/http\n"],
      http(11),
    ],
  },
  {
    what: "env",
    value: env,
    good: [
      {},
      { _A1: "" },
      { A: "two\nlines" },
      { PUBLIC_KEY: SSH_KEY },
      { PUBLIC_KEY: `${SSH_KEY}\n\n${SSH_KEY}\n` },
      { PUBLIC_KEY: "{{ RUNPOD_SECRET_key }}" },
      { RUNPOD_SOMETHING: "x" },
    ],
    bad: [
      { "1A": "x" },
      { "": "x" },
      { "A-B": "x" },
      { A: "x\0y" },
      { A: true },
      { A: null },
      { RUNPOD_STACK_TOKEN: "x" },
      { RUNPOD_TCP_PORT_22: "x" },
      { PUBLIC_KEY: `${SSH_KEY}\r\n` },
      { PUBLIC_KEY: "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU" },
      ["A=1"],
      "A=1",
    ],
  },
  {
    what: "a CUDA version",
    value: cudaVersion,
    good: ["12.8", "12.11"],
    bad: ["12", "12.8.1", "v12.8", ""],
  },
  {
    what: "a mount path",
    value: mountPath,
    good: ["/a", "/root/.cache/huggingface", "/a/..b"],
    bad: ["/", "a", "/a/", "/a/./b", "/a/..", "/a\0b", "", "//"],
  },
  {
    what: "an id",
    value: objectId,
    good: ["a", "A-_9", "x".repeat(64)],
    bad: ["", "x".repeat(65), "a/b", "..", "a b", "a%2e", "a\n"],
  },
  {
    what: "a GPU type",
    value: gpuTypeId,
    good: ["NVIDIA B200", "AMD Instinct MI300X OAM", "NVIDIA RTX 4000 Ada Generation"],
    bad: ["", "ADA_24", "HOPPER_141", "AMPERE_80,ADA_80_PRO"],
  },
  {
    what: "a duration",
    value: duration,
    good: ["45m", "90s", "1h30m", "1.5h", "250ms"],
    bad: ["45", "", "1 h", "-5m", "5m ", "1d", "m"],
  },
];

describe.each(boundaries)("$what", ({ value, good, bad }) => {
  test.each(good.map((one) => [JSON.stringify(one), one]))("may be %s", (_, one) => {
    expect(value.safeParse(one).success).toBe(true);
  });

  test.each(bad.map((one) => [JSON.stringify(one), one]))("may not be %s", (_, one) => {
    expect(value.safeParse(one).success).toBe(false);
  });
});
