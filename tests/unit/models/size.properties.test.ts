import * as fc from "fast-check";
import { sizeModel } from "../../../models/src";
import measured from "./fixtures/measured-models.json";

describe("Sizes as a function", () => {
  const model = fc.oneof(
    fc.constantFrom(...measured.map(({ id }) => id), "acme/chat", "acme/chat-AWQ", "acme/Chat-7B"),
    fc.string(),
  );
  const quantization = fc.constantFrom(undefined, "fp8", "awq", "bitsandbytes", "nonsense");
  const figure = fc.double({ min: 0.01, max: 5000, noNaN: true });
  const keys = ["weightsGb", "cacheGb", "diskGb", "kvCacheGb", "gpuMemoryGb"] as const;

  test.each(["parametersB", "weightsGb", "maxModelLen"] as const)(
    "never shrink when %s grows",
    (grown) => {
      void fc.assert(
        fc.property(model, quantization, figure, figure, (id, method, a, b) => {
          const given = method === undefined ? {} : { quantization: method };
          const [small, large] = a <= b ? [a, b] : [b, a];
          const less = sizeModel({ model: id, ...given, [grown]: small });
          const more = sizeModel({ model: id, ...given, [grown]: large });
          for (const key of keys) {
            expect(more[key] === null).toBe(less[key] === null);
            expect(more[key] ?? 0).toBeGreaterThanOrEqual(less[key] ?? 0);
          }
        }),
      );
    },
  );

  test("never throw, and never return an invalid figure", () => {
    const any = fc.oneof(fc.double(), fc.constant(undefined));
    void fc.assert(
      fc.property(fc.string(), fc.string(), any, any, any, (id, method, a, b, c) => {
        const size = sizeModel({
          model: id,
          quantization: method,
          ...(a === undefined ? {} : { parametersB: a }),
          ...(b === undefined ? {} : { weightsGb: b }),
          ...(c === undefined ? {} : { maxModelLen: c }),
        });
        for (const key of keys) {
          expect(size[key] === null || size[key] >= 0).toBe(true);
        }
        expect(size.basis === "unknown").toBe(size.weightsGb === null);
        expect(size.reason).not.toBe("");
      }),
    );
  });
});
