import { diagnose } from "../../../../models/src";
import { CAUSES } from "../../../../models/src/diagnosis/causes";
import nearMisses from "../fixtures/near-misses.json";
import wordings from "../fixtures/sign-wordings.json";

type Log = string | readonly string[];

/** By cause and confidence, logs of one sign each: the shortest, and those with most in its gaps. */
const WORDINGS: Readonly<Record<string, Readonly<Record<string, readonly Log[]>>>> = wordings;

const cases = Object.entries(WORDINGS).flatMap(([cause, byConfidence]) =>
  Object.entries(byConfidence).flatMap(([confidence, logs]) =>
    logs.map((log) => [cause, confidence, [log].flat()] as const),
  ),
);

test.each(cases)("%s (%s): %j", (cause, confidence, lines) => {
  expect(diagnose(lines)).toMatchObject({ cause, confidence });
});

test.each(nearMisses as [string, Log][])("%s: not a cause", (_, log) => {
  expect(diagnose([log].flat()).cause).toBeNull();
});

test("every cause and every sign with its own remedy says in sentences what to do", () => {
  for (const { name, remedy, signs } of CAUSES) {
    for (const text of [remedy, ...signs.flatMap((sign) => sign.remedy ?? [])]) {
      expect({ name, text }).toEqual({ name, text: expect.stringMatching(/^[\w-].{30,}\.$/) });
    }
  }
});
