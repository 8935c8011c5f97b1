import { diagnose } from "../../../../models/src";
import wordings from "../fixtures/cause-wordings.json";

/** How the servers, Docker and the tools in images word each cause, from release to release. */
const WORDINGS: Readonly<Record<string, readonly (readonly string[])[]>> = wordings;

const cases = Object.entries(WORDINGS).flatMap(([cause, logs]) =>
  logs.map((lines) => [cause, lines] as const),
);

test.each(cases)("%s: %j", (cause, lines) => {
  const diagnosis = diagnose(lines);
  expect(diagnosis).toMatchObject({ cause, remedy: expect.stringMatching(/\.$/) });
  expect(diagnosis.confidence).not.toBe("possible");
});
