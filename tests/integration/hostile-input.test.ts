import { fuzzed, measured } from "../../tools/hostile/process.mts";

/** CPU time of this process: ten times the promise for an idle machine. */
const MAX_CPU_MS = 20_000;
const MAX_MB = 300;
/** Within the limit on a command, and far beyond it. */
const SIZES = [95_000, 1_000_000];

describe("What strangers may write", () => {
  test.each([
    ["check", [95_000]],
    ["check of a stack", SIZES],
    ["report", SIZES],
    ["diagnose", SIZES],
    ["messages", [1_000_000]],
    ["progress", [1_000_000]],
    ["emulator's shell", [30_000]],
  ])(
    "costs %s no crash, little time and little memory, however hard it is to read",
    async (name, sizes) => {
      const taken = await measured(name, ...sizes);
      expect(taken.length).toBeGreaterThan(0);
      expect(taken.filter(({ outcome }) => typeof outcome !== "number")).toEqual([]);
      expect(taken.filter(({ cpuMs }) => cpuMs > MAX_CPU_MS)).toEqual([]);
      expect(Math.max(...taken.map(({ rssMb }) => rssMb))).toBeLessThan(MAX_MB);
    },
    240_000,
  );

  test("is read everywhere without a crash, also if it is almost valid", async () => {
    expect(await fuzzed(1, 250)).toMatch(/^fuzz: \d+ inputs passed/);
  }, 240_000);
});
