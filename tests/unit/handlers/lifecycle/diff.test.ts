import fc from "fast-check";
import { z } from "zod";
import { inputChanges } from "../../../../provider/src/handlers/lifecycle/diff";
import { correctedInputs } from "../../../../provider/src/handlers/lifecycle/drift";
import type { Handler } from "../../../../provider/src/handlers/lifecycle/handler";
import { podHandler } from "../../../../provider/src/handlers/pod/handler";
import { podEndpointHandler } from "../../../../provider/src/handlers/pod-endpoint/handler";
import { templateHandler } from "../../../../provider/src/handlers/template/handler";
import { volumeHandler } from "../../../../provider/src/handlers/volume/handler";
import {
  type FieldTable,
  hasUnknown,
  podEndpointFields,
  podFields,
  templateFields,
  UNKNOWN,
  type Values,
  volumeFields,
} from "../../../../provider/src/schema";

interface Box {
  label?: string;
  tags?: string[];
  words?: string[];
  map?: Record<string, string>;
  lid?: boolean;
  size?: number;
  kept?: string;
}

const any = z.any();
const boxFields: FieldTable<Box> = {
  label: { value: any, change: "update", removal: "change" },
  tags: { value: any, change: "restart", removal: "clear", cleared: [], unordered: true },
  words: { value: any, change: "restart", removal: "clear", cleared: [] },
  map: { value: any, change: "update", removal: "clear", cleared: {} },
  lid: { value: any, change: "update", removal: "clear", cleared: false },
  size: { value: any, change: "update", removal: "replace" },
  kept: { value: any, change: "update", removal: "keep" },
};
const changes = (old: Values, inputs: Values) =>
  inputChanges(boxFields, { ...old }, inputs).map(({ field, change }) => `${field}: ${change}`);

describe("a change", () => {
  test("follows the field's row", () => {
    expect(changes({ label: "a", words: ["x"] }, { label: "b", words: ["y"] })).toEqual([
      "label: update",
      "words: restart",
    ]);
  });

  test("is none if only a meaningless order differs", () => {
    expect(changes({ tags: ["a", "b"] }, { tags: ["b", "a"] })).toEqual([]);
    expect(changes({ words: ["a", "b"] }, { words: ["b", "a"] })).toEqual(["words: restart"]);
    expect(changes({ tags: ["a", "b"] }, { tags: ["b", "b"] })).toEqual(["tags: restart"]);
  });

  test("is none between an empty value and no value, if an empty value clears", () => {
    expect(changes({}, { tags: [], words: [], map: {}, lid: false })).toEqual([]);
    expect(changes({ tags: [], words: [], map: {}, lid: false }, {})).toEqual([]);
    expect(changes({}, { lid: true, label: "" })).toEqual(["label: update", "lid: update"]);
  });

  test("of a map does not depend on the order of its names, nor on its origin", () => {
    const wire = Object.assign(Object.create(null), { B: "2", A: "1" });
    expect(changes({ map: wire }, { map: { A: "1", B: "2" } })).toEqual([]);
    expect(changes({ map: wire }, { map: { A: "1", B: "3" } })).toEqual(["map: update"]);
  });

  test("to an unknown value counts, at any depth, also where the value was unknown before", () => {
    expect(changes({ label: "a" }, { label: UNKNOWN })).toEqual(["label: update"]);
    expect(changes({ map: { A: UNKNOWN } }, { map: { A: UNKNOWN } })).toEqual(["map: update"]);
    expect(changes({ words: ["a"] }, { words: ["a", UNKNOWN] })).toEqual(["words: restart"]);
  });

  test("by removal follows the row", () => {
    const old = { label: "a", tags: ["t"], lid: true, size: 1, kept: "k" };
    expect(changes(old, {})).toEqual([
      "label: update",
      "tags: restart",
      "lid: update",
      "size: replace",
    ]);
  });

  test("of an unknown field is none", () => {
    expect(changes({ label: "a" }, { label: "a", __token: "t", revision: 2 })).toEqual([]);
  });
});

const observedFields: FieldTable<Pick<Box, "label" | "tags" | "lid" | "size">> = {
  label: { value: any, change: "update", removal: "change", observed: true, default: "plain" },
  tags: { ...boxFields.tags, observed: true },
  lid: { ...boxFields.lid, observed: true },
  size: boxFields.size,
};
const corrected = (inputs: Values, observed: Values) =>
  correctedInputs(observedFields, inputs, observed);

describe("drift", () => {
  test("is none while the found value means the same as the input", () => {
    const inputs = { label: "a", tags: ["x", "y"], lid: false, __defaults: ["label"] };
    expect(corrected(inputs, { label: "a", tags: ["y", "x"], lid: undefined })).toEqual(inputs);
  });

  test("is corrected and named, and a default that drifted is no longer one", () => {
    const inputs = { label: "plain", tags: ["x"], __defaults: ["label"] };
    expect(corrected(inputs, { label: "other", tags: ["x", "z"] })).toEqual({
      label: "other",
      tags: ["x", "z"],
      __defaults: [],
      __drifted: ["label", "tags"],
    });
  });

  test("is detected only in fields that the program set and RunPod reports", () => {
    const inputs = { label: "a", size: 1 };
    expect(corrected(inputs, { tags: ["x"], lid: true, size: 2 })).toEqual(inputs);
  });

  test("removes what is reported as absent, and nothing that is not reported", () => {
    expect(corrected({ label: "a", lid: true }, { label: undefined, lid: null })).toEqual({
      label: "a",
      __defaults: [],
      __drifted: ["lid"],
    });
  });

  test("of an earlier refresh is forgotten", () => {
    expect(corrected({ label: "a", __drifted: ["label"] }, { label: "a" })).toEqual({ label: "a" });
  });
});

const kinds: readonly [string, Handler<object>, object][] = [
  ["Pod", podHandler, podFields],
  ["Template", templateHandler, templateFields],
  ["Volume", volumeHandler, volumeFields],
  ["PodEndpoint", podEndpointHandler, podEndpointFields],
];
/** Any value that can be printed, because a state contains no other. */
const anything = fc
  .oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(UNKNOWN, "12.8"))
  .filter((value) => !/"(toString|valueOf)":/.test(JSON.stringify(value)));

/** Stored by any release, or set by any program: any JSON under the names that matter. */
const properties = (table: object): fc.Arbitrary<Values> =>
  fc
    .record({
      inputs: fc.dictionary(fc.constantFrom(...Object.keys(table)), anything, { maxKeys: 8 }),
      outputs: fc.record(
        { gpuTypeId: anything, dataCenterId: anything, revision: anything, __defaults: anything },
        { requiredKeys: [] },
      ),
      __live: fc.record({ cudaVersion: anything, cpuFlavorId: anything }, { requiredKeys: [] }),
    })
    .map(({ inputs, outputs, __live }) =>
      JSON.parse(JSON.stringify({ ...inputs, ...outputs, __live })),
    );

describe.each(kinds)("the diff of a %s", (_, { diff }, table) => {
  test("never throws, whatever is stored or requested", () => {
    fc.assert(
      fc.property(properties(table), properties(table), (old, inputs) => {
        const { changed, replaces } = diff(old, inputs);
        expect(changed).toEqual(expect.arrayContaining([...replaces]));
      }),
    );
  });

  test("between the same is empty", () => {
    fc.assert(
      fc.property(properties(table), (old) => {
        fc.pre(!hasUnknown(old));
        expect(diff(old, JSON.parse(JSON.stringify(old))).changed).toEqual([]);
      }),
    );
  });
});
