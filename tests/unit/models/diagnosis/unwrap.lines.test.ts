import { unwrap } from "../../../../models/src/diagnosis/unwrap";
import { MAX_LOG_LENGTH } from "../../../../models/src/limits";

/** With `\` as Python and JSON write it. */
const raw = String.raw;

test.each<[string, string[], string[]]>([
  ["lines without any wrapping", ["a", "", " b "], ["a", "", " b "]],
  ["an array", ['["a","b"]'], ["a", "b"]],
  ["an array over several lines", ["[", '  "a",', '  "b"', "]"], ["a", "b"]],
  ["an array after spaces", ['  ["a"]'], ["a"]],
  ["a string", [raw`"a\nb"`], ["a", "b"]],
  ["a listing by source, the host's first", ['{"container":["b"],"system":["a"]}'], ["a", "b"]],
  ["a field of an answer", ['{"result":{"logs":["a"]}}'], ["a"]],
  ["pairs of a time and a line", ['{"values":[["1767225600000","a"],["1","7 b"]]}'], ["a", "7 b"]],
  ["digits that are no time", [`["${"1".repeat(21)}","x7"]`], ["1".repeat(21), "x7"]],
  ["values of other types", ['[1,null,true,"a"]'], ["a"]],
  ["an empty array", ["[]"], ["[]"]],
  ["an object without a log", ['{"other":"a"}'], ['{"other":"a"}']],
  ["records between other lines", ['{"line":"a"},  ', "x", '{"line":"b"}'], ["a", "x", "b"]],
  ["frames", ["id: 1", 'data: {"line":"a"}', "", 'data: {"line":"b"}'], ["a", "b"]],
  ["frames without a space", ['data:{"line":"a"}', "id: 2"], ["a"]],
  ["frames without a space within an array", [raw`["data:{\"logs\":[\"a\"]}"]`], ["a"]],
  ["answers between other lines", ['  {"logs":["a"]},  ', "x", '{"logs":["b"]},'], ["a", "x", "b"]],
  ["frames with arrays and strings", ['data: ["a"]', 'data: "b"'], ["a", "b"]],
  ["frames of which one is truncated", ['data: {"line":"a"}', 'data: {"line":"b'], ["a"]],
  ["frames within an array", [raw`["data: {\"line\":\"a\"}"]`], ["a"]],
  ["text that only mentions data", ["data: plain", 'x data: {"a'], ["data: plain", 'x data: {"a']],
  ["colors that are written out", [raw`\u001b[0;36ma\x1b[0mb\033[mc\\x1B[31md`], ["abcd"]],
])("%s: %j", (_, log, lines) => {
  expect(unwrap(log)).toEqual(lines);
});

test.each(["line", "log", "message", "msg", "MESSAGE", "@message", "textPayload"])(
  "a record's output is in its field %s",
  (field) => {
    expect(unwrap([JSON.stringify({ other: "x", [field]: "a\nb", logs: ["y"] })])).toEqual([
      "a",
      "b",
    ]);
    expect(unwrap([JSON.stringify({ [field]: 7, deep: { [field]: "a" } })])).toEqual(["a"]);
  },
);

test.each(["system", "container", "logs", "lines", "data", "stdout", "stderr", "output"])(
  "a log may be one string in the field %s",
  (field) => {
    expect(unwrap([JSON.stringify({ id: "x", [field]: "a\nb" })])).toEqual(["a", "b"]);
  },
);

test.each(["level", "severity", "levelname", "log.level"])(
  "a quiet level in the field %s goes before each line",
  (field) => {
    const leveled = (level: string) => unwrap([JSON.stringify({ [field]: level, log: "a\nb" })]);
    for (const level of ["trace", "debug", "info", "warn", "warning", "INFO"]) {
      const name = level.toUpperCase();
      expect(leveled(level)).toEqual([`${name} a`, `${name} b`]);
    }
    for (const level of ["error", "information", "my-info", ""]) {
      expect(leveled(level)).toEqual(["a", "b"]);
    }
  },
);

test.each<[string, string, string[]]>([
  ["a list", "['a', 'b']", ["a", "b"]],
  ["a list with both quotes", `["a", 'b',  "c"]`, ["a", "b", "c"]],
  ["a list of bytes", raw`[b'a\n', b'b\n']`, ["a", "b"]],
  ["a list after spaces", "  [ 'a', 'b' ], ", ["a", "b"]],
  ["a list with quotes within", raw`['it\'s', 'a\', \'b']`, ["it's", "a', 'b"]],
  ["a list with escapes", raw`['a\tb', 'c\\d', 'e\r\nf']`, ["a\tb", raw`c\d`, "e\r", "f"]],
  ["a list with empty strings", raw`['a\n \nb', '']`, ["a", "b"]],
  ["dictionaries in a list, apart", "[ { 'line': 'a' }]", ["a"]],
  ["dictionaries in a list", "[{'line': 'a'}, {'line': 'b'}]", ["a", "b"]],
  ["a dictionary", `{'ts': 1, 'message': "it's"}`, ["it's"]],
  ["a dictionary's log", raw`{ 'log':'a\nb'}`, ["a", "b"]],
  ["a dictionary's text", raw`{"id": 1, "msg":    "say \"a\"", 'x': 1}`, ['say "a"']],
  ["a dictionary without a log", "{'other': 'a'}", ["{'other': 'a'}"]],
  ["an empty log", "{'log': ''}", []],
  ["no list", "x ['a', 'b']", ["x ['a', 'b']"]],
  ["no dictionary", "x {'log': 'a'}", ["x {'log': 'a'}"]],
  ["a list with an end within", "['x[1'] y', 'b']", ["x[1'] y", "b"]],
  ["a truncated list", "['a', 'b", ["a", "b"]],
])("Python shows %s as %s", (_, line, lines) => {
  expect(unwrap([line])).toEqual(lines);
});

test.each<[string, string, string[]]>([
  ["newlines", raw`a\nb\n`, ["a", "b"]],
  ["carriage returns, too", raw`a\r\nb\r\nc`, ["a", "b", "c"]],
  ["newlines escaped twice", raw`a\\nb\\r\\nc`, ["a", "b", "c"]],
  ["newlines, not those of a quoted value", raw`say 'a\\nb'\nc`, [raw`say 'a\\nb'`, "c"]],
  ["tabs and quotes", raw`a\n\tsay \"b\" and \\\'c\'`, ["a", `\tsay "b" and 'c'`]],
  ["an assigned string", raw`logs = 'a\nb\n'`, ["a", "b"]],
  ["a string assigned without spaces", raw`  logs='a\nb\n'`, ["a", "b"]],
  ["a string assigned with one space", raw`x= ('a\nb\n'`, ["a", "b"]],
  ["a string in parentheses", raw`( "a\nb\n"`, ["a", "b"]],
  ["tabs escaped twice", raw`a\\nb\\tc`, ["a", "b\tc"]],
  ["bytes", raw`b"a\nb"`, ["a", 'b"']],
  ["a field", raw`{"logs": "a\nb`, ["a", "b"]],
  ["a field without a space", raw`{"logs":"a\nb`, ["a", "b"]],
  ["a list's end", raw`a\nb\n']`, ["a", "b"]],
  ["a value in quotes", raw`prompt: "a\nb"`, [raw`prompt: "a\nb"`]],
  ["a value in single quotes", raw`prompt: 'a\nb', x`, [raw`prompt: 'a\nb', x`]],
  ["an apostrophe", raw`it's a\nb`, ["it's a", "b"]],
  ["a quoted word", raw`say "x" and 'y' a\nb`, [`say "x" and 'y' a`, "b"]],
  ["an escaped quote", raw`say \"x a\nb`, ['say "x a', "b"]],
  ["a path", raw`C:\\new`, ["C:", "ew"]],
])("%s written out in one line are read: %s", (_, line, lines) => {
  expect(unwrap([line])).toEqual(lines);
});

test("a record may be in a record", () => {
  const inner = JSON.stringify({ log: JSON.stringify({ msg: "a" }) });
  expect(unwrap([JSON.stringify({ line: inner })])).toEqual(["a"]);
});

test("arrays in arrays are read up to a depth that no log has", () => {
  const nested = (times: number) => `${"[".repeat(times)}"a"${"]".repeat(times)}`;
  expect(unwrap([nested(15)])).toEqual(["a"]);
  expect(unwrap([nested(16)])).toEqual([nested(16)]);
  const objects = (times: number) => `${'{"x":'.repeat(times)}{"data":"a"}${"}".repeat(times)}`;
  expect(unwrap([objects(14)])).toEqual(["a"]);
  expect(unwrap([objects(15)])).toEqual([objects(15)]);
});

test("what is wrapped in the deepest array is not unwrapped further", () => {
  const within = (times: number, text: string) =>
    unwrap([`${"[".repeat(times)}${JSON.stringify(text)}${"]".repeat(times)}`]);
  expect(within(14, raw`a\n['b']`)).toEqual(["a", "b"]);
  expect(within(15, raw`a\n['b']`)).toEqual(["a", "['b']"]);
  expect(within(15, `['["b"]']`)).toEqual(['["b"]']);
});

test("only the end of a log is read", () => {
  const long = "a".repeat(MAX_LOG_LENGTH);
  expect(unwrap(["x", long])).toEqual([long]);
  expect(unwrap(["x", long.slice(1)])).toEqual([long.slice(1)]);
  expect(unwrap(["x", long.slice(2)])).toEqual(["x", long.slice(2)]);
  expect(unwrap([`x${long}`])).toEqual([long]);
});
