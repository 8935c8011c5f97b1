import fc from "fast-check";
import { diagnose } from "../../../models/src";
import { CAUSES } from "../../../models/src/diagnosis/causes";

const SERVING = "INFO:     Application startup complete.";

test("never throws, and reports a cause only with evidence from the log", () => {
  const fragments = CAUSES.flatMap(({ signs }) => signs.map(({ pattern }) => pattern.source));
  const line = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc
      .array(fc.constantFrom(...fragments, SERVING, "INFO", "\r"), { maxLength: 5 })
      .map((parts) => parts.join(" ").replace(/\\/g, "")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (log) => {
      const { cause, confidence, evidence, remedy } = diagnose(log);
      expect(evidence.length).toBeLessThanOrEqual(5);
      expect([confidence === null, remedy === null]).toEqual([cause === null, cause === null]);
      if (cause !== null) {
        expect(evidence).not.toHaveLength(0);
      }
      for (const shown of evidence) {
        expect(shown.length).toBeLessThanOrEqual(401);
      }
    }),
  );
});
