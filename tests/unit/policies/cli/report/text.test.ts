import { colors, type Safe, safe, trusted } from "@runpod-stack/kit";
import { asText } from "../../../../../policies/src/cli/report/text";
import { DISK, EXTENT, violation, waiver } from "./violations";

const plain = (...args: [Parameters<typeof asText>[0], Parameters<typeof asText>[2]?]) =>
  asText(args[0], colors(false), args[1]);

/** Shows styles as tags. */
const paint = (style: string) => (text: Safe) => trusted(`<${style}>${text}</${style}>`);
const TAGS = {
  bold: paint("b"),
  dim: paint("dim"),
  red: paint("red"),
  green: paint("green"),
  yellow: paint("yellow"),
};

test("violations are grouped by resource, refusals first", () => {
  const other = violation({ resource: "f.json: Pod b", remedy: safe`` });
  expect(plain([violation({}), other, DISK])).toBe(`Pod a
  refused  container-disk-size
           It is wrong.
           Set it to 5.
  advice   r
           It is wrong.
           Set it to 5.

f.json: Pod b
  advice   r
           It is wrong.

Refused: 1 mandatory, 2 advisory.`);
});

test("waivers stand before the verdict", () => {
  expect(plain([violation({})], { ...EXTENT, waived: [waiver, waiver] })).toBe(`Pod a
  advice   r
           It is wrong.
           Set it to 5.

waived until 2027-03-31  w  b.json: Pod b: baked in
waived until 2027-03-31  w  b.json: Pod b: baked in

Passed, with 1 piece of advice. 2 pods judged by 3 rules; 1 not judged: it is odd. 2 waived.`);
});

test("without violations there is only the verdict", () => {
  expect(plain([])).toBe("Passed.");
  expect(plain([], EXTENT)).toBe("Passed. 2 pods judged by 3 rules; 1 not judged: it is odd.");
});

test("people see marks and names in colors", () => {
  expect(asText([DISK, violation({})], TAGS)).toBe(`<b>Pod a</b>
  <red>refused</red>  <b>container-disk-size</b>
           It is wrong.
           <dim>Set it to 5.</dim>
  <yellow>advice </yellow>  <b>r</b>
           It is wrong.
           <dim>Set it to 5.</dim>

<b><red>Refused: 1 mandatory, 1 advisory.</red></b>`);
  expect(asText([], TAGS, { ...EXTENT, waived: [waiver] })).toMatch(
    /^<dim>waived until 2027-03-31 {2}<\/dim><b>w<\/b> {2}b\.json: Pod b: baked in\n\n<b><green>Passed\./,
  );
});
