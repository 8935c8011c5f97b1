// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
import {
  BeyondLimits,
  MAX_COMMAND_LENGTH,
  MAX_EXPANSION_DEPTH,
  Room,
} from "../../../models/src/limits";
import { shellCommands, shown } from "../../../models/src/shell";
import { Variables } from "../../../models/src/variables";

type Known = Record<string, string>;
const commands = (script: string, known: Known = {}, variables = new Variables(known)) => [
  ...shellCommands(script, variables),
];
const words = (script: string, known: Known = {}) => commands(script, known)[0];

describe("The words of a command", () => {
  test.each<[string, string[]]>([
    ["a\\\nb c", ["ab", "c"]],
    ["a \\\r\n b", ["a", "b"]],
    ["a x{y z#w", ["a", "x{y", "z#w"]],
    ["a 'b", ["a", "b"]],
    ["a\t b", ["a", "b"]],
    ["a \\' \\$A \\\\", ["a", "'", "$A", "\\"]],
    ['a "b\\"c" "\\$A" "\\\\" "\\`" "\\n"', ["a", 'b"c', "$A", "\\", "`", "\\n"]],
    ['a "b\\\nc" "b\\\n"', ["a", "bc", "b"]],
    ['a "b\\\n', ["a", "b"]],
    ['a "" b""c \'\'', ["a", "", "bc", ""]],
    ['a "b c', ["a", "b c"]],
    ['A=(); vllm "${A[@]}" b', ["vllm", "b"]],
    ['A=(); vllm "c${A[@]}" b', ["vllm", "c", "b"]],
    ['vllm "\\\n" b', ["vllm", "", "b"]],
    ['A=(); vllm "${A[@]}\\\n" b', ["vllm", "", "b"]],
    ['A=(); B=(""); vllm "${A[@]}${B[@]}" b', ["vllm", "", "b"]],
    ['A=(""); vllm "${A[@]}" b', ["vllm", "", "b"]],
    ["a > /x b", ["a", "b"]],
    ["a 2> /x b", ["a", "b"]],
    ["a 100> /x b", ["a", "b"]],
    ["a 1000> /x b", ["a", "1000", "b"]],
    ["a b2> /x c", ["a", "b2", "c"]],
    ["a 2b> /x c", ["a", "2b", "c"]],
    ["a >> /x b 2>&1 c >| /y d <> /z e >&2 f", "abcdef".split("")],
    ["a <<< word b", ["a", "b"]],
    ["a > /x", ["a"]],
    ["a # b 'c", ["a"]],
    ["a B=(x) c", ["a", "c"]],
    ["B=(); a ${B[@]} c", ["a", "c"]],
    ["a $(b (c) d) e", ["a", "$(b (c) d)", "e"]],
    ["a $(b", ["a", "$(b"]],
    ["a `b c` d", ["a", "`b c`", "d"]],
    ["a `b", ["a", "`b"]],
    ["a $ b$", ["a", "$", "b$"]],
    ["a ${b c} d", ["a", "${b c}", "d"]],
  ])("%j", (script, expected) => {
    expect(commands(script)).toEqual([expected]);
  });

  test.each<[string, string[][]]>([
    ["a;b&c|d\ne(f)g;{h}i", [..."abcdefghi"].map((word) => [word])],
    ["a > ; b", [["a"], ["b"]]],
    ["a > /x; > /y b", [["a"], ["b"]]],
    ["; ;\n", []],
    ["a # b; c\nd", [["a"], ["d"]]],
    ["x.A=(a b)", [["x.A="], ["a", "b"]]],
    ["9A=(a)", [["9A="], ["a"]]],
    ["A==(a)", [["A=="], ["a"]]],
  ])("end at an operator: %j", (script, expected) => {
    expect(commands(script)).toEqual(expected);
  });
});

describe("Variables in words", () => {
  const KNOWN = { A: " x  y ", E: "", N: "1" };
  test.each<[string, string[]]>([
    ["a $A b", ["a", "x", "y", "b"]],
    ["a p${A}q", ["a", "p", "x", "y", "q"]],
    ['a "$A" "p${A}q"', ["a", " x  y ", "p x  y q"]],
    ["a $E b x$E", ["a", "b", "x"]],
    ['a "$E" b', ["a", "", "b"]],
    ["a ${E:-d} ${E-d} ${E:=d} ${E=d} b", ["a", "d", "d", "b"]],
    ["a ${U:-d} ${U-d} ${U:=d} ${U=d} b", ["a", "d", "d", "d", "d", "b"]],
    ["a ${N:-d} ${N-d} ${N}", ["a", "1", "1", "1"]],
    ["a ${U:-b c}", ["a", "b", "c"]],
    ["a ${U:-b\\}c} d", ["a", "b\\}c", "d"]],
    ["a ${U:-$(b c)}", ["a", "$(b", "c)"]],
    ["a $U ${U} ${N:+d} ${N%x}", ["a", "$U", "${U}", "${N:+d}", "${N%x}"]],
    ["a ${U:-b", ["a", "${U:-b"]],
    ["a $n1", ["a", "$n1"]],
    ["a $N.$N-$N", ["a", "1.1-1"]],
  ])("%j", (script, expected) => {
    expect(words(script, KNOWN)).toEqual(expected);
  });

  test("have any case", () => {
    expect(words("a $my ${my} ${my:-x}", { my: "1" })).toEqual(["a", "1", "1", "1"]);
  });

  test("include the arguments, by number or all", () => {
    const variables = new Variables();
    variables.setList("@", ["1", "2 3", ...[..."cdefghij"], "k l"]);
    const read = (script: string) => commands(script, {}, variables)[0];
    expect(read('a $1 $2 "$2" $12 ${11} "${11}" ${12} $0 ${0}')).toEqual([
      "a",
      "1",
      "2",
      "3",
      "2 3",
      "12",
      "k",
      "l",
      "k l",
      "${12}",
      "$0",
      "${0}",
    ]);
    for (const all of ['"$@"', '"$*"', '"${@}"', '"${*}"', "$@"]) {
      expect(read(`a ${all}`)).toHaveLength(12);
    }
    variables.setList("my", ["x", "y"]);
    expect(read('a "${my[@]}" "${my[*]}" ${my[@]}')).toEqual(["a", ..."xyxyxy"]);
    expect(read('a "${no[@]}" b')).toEqual(["a", "${no[@]}", "b"]);
  });

  test("and defaults nest up to a limit", () => {
    const nested = (depth: number) => `a ${"${U:-".repeat(depth)}b${"}".repeat(depth)}`;
    expect(words(nested(MAX_EXPANSION_DEPTH))).toEqual(["a", "b"]);
    expect(() => words(nested(MAX_EXPANSION_DEPTH + 1))).toThrow(
      new BeyondLimits("it nests variable defaults more than 16 deep"),
    );
  });

  test("take room, each character of a value once", () => {
    const value = "x".repeat(MAX_COMMAND_LENGTH);
    expect(words("a $A", { A: value })).toEqual(["a", value]);
    expect(() => words("a $A", { A: `${value}x` })).toThrow(BeyondLimits);
    const room = new Room();
    room.take(MAX_COMMAND_LENGTH - 4);
    expect([...shellCommands('A=(x); a "${A[@]}"', new Variables(), room)]).toEqual([["a", "x"]]);
    expect(() => [...shellCommands("A=(x)", new Variables(), room)]).toThrow(BeyondLimits);
    const little = new Room();
    little.take(MAX_COMMAND_LENGTH - 3);
    const variables = new Variables();
    variables.setList("A", ["x"]);
    expect([...shellCommands('a "${A[@]}"', variables, little)]).toEqual([["a", "x"]]);
    expect(() => [...shellCommands('a "${A[@]}"', variables, little)]).toThrow(BeyondLimits);
  });
});

describe("An array", () => {
  test.each<[string, string[]]>([
    ["A=(x 'y z' # c )\n $B)", ["x", "y z", "$B"]],
    ["A=()", []],
    ["A+=(x)", ["x"]],
    ["A=(x); A=(y)", ["y"]],
    ["A=(x); A+=(y)", ["x", "y"]],
    ["A=(x", ["x"]],
    ["A=( x )", ["x"]],
    ["b; A=(x)", ["x"]],
  ])("%j", (script, items) => {
    const variables = new Variables();
    commands(script, {}, variables);
    expect(variables.list("A")).toEqual(items);
  });

  test("may have a name of any case", () => {
    expect(commands('my_1=(x y); a "${my_1[@]}"')).toEqual([["a", "x", "y"]]);
  });
});

describe("A function", () => {
  test.each<[string, string]>([
    ["f() { a; }", " a; "],
    ["f () { a; }", " a; "],
    ["f ( ) { a; }", " a; "],
    ["f(){ a; }", " a; "],
    ["function f { a; }", " a; "],
    ["function f ( ) { a; }", " a; "],
    ["function f(){ a; }", " a; "],
    ["f() { x'}'; }", " x'}'; "],
    ["function f() { a; }", " a; "],
    ["function f () { a; }", " a; "],
    ["f() { { a; }; b; }", " { a; }; b; "],
    ["f() { # }\na; }", " # }\na; "],
    ["f() { a \"}\" '}' \\} ${B}; }", " a \"}\" '}' \\} ${B}; "],
    ["f()\n{ a\n}", " a\n"],
  ])("%j", (script, body) => {
    const variables = new Variables();
    expect(commands(`${script}; x`, {}, variables)).toEqual([["x"]]);
    expect(variables.body("f")).toBe(body);
  });

  test("may have other names", () => {
    const variables = new Variables();
    commands("a-b.c:d() { x; }", {}, variables);
    expect(variables.body("a-b.c:d")).toBe(" x; ");
  });

  test.each<[string, string[][]]>([
    ["a f() { b; }", [["a", "f"], ["b"]]],
    ["a f () { b; }", [["a", "f"], ["b"]]],
    ["$f() { b; }", [["$f"], ["b"]]],
    ["f%() { b; }", [["f%"], ["b"]]],
    ["() { b; }", [["b"]]],
    ["f { b; }", [["f"], ["b"]]],
    ["f(x) { b; }", [["f"], ["x"], ["b"]]],
    ["{ b; }", [["b"]]],
    ["f() { b", []],
  ])("is none: %j", (script, expected) => {
    expect(commands(script)).toEqual(expected);
  });
});

describe("A here document", () => {
  test.each<[string, string[][]]>([
    ["bash <<-X\n\ta\n\tX\nb", [["bash"], ["a"], ["b"]]],
    ['bash << "X"\na\nX\nb', [["bash"], ["a"], ["b"]]],
    ["bash <<X y\na\nX\nb", [["bash", "y"], ["a"], ["b"]]],
    ["bash <<X\na\n X \nb", [["bash"], ["a"], ["b"]]],
    ["bash <<X\na\nXX\nX\nb", [["bash"], ["a"], ["XX"], ["b"]]],
    ["bash <<X\nX\nb", [["bash"], ["b"]]],
    ["bash <<END\na\nEND\nb", [["bash"], ["a"], ["b"]]],
    ["bash <<X\ncat <<Y z\nX\nb", [["bash"], ["cat", "z"], ["b"]]],
    ["cat > /x.json <<X; f() { a; }\nb\nX\nc", [["cat"], ["c"]]],
    ["cat <<X > /x.json\na\nX\nb", [["cat"], ["b"]]],
    ["cat > /x.json <<X\na\nX\nb", [["cat"], ["b"]]],
    ["tee /x.json <<X\na\nX\nb", [["tee", "/x.json"], ["b"]]],
    ["bash <<X; cat > /x.json <<Y\na\nX\nb\nY\nc", [["bash"], ["cat"], ["a"], ["c"]]],
    ["cat > /x.json <<X; bash <<Y\na\nX\nb\nY\nc", [["cat"], ["bash"], ["b"], ["c"]]],
    ["bash <<X\ncat <<Y\na\nY\nX\nb", [["bash"], ["cat"], ["a"], ["Y"], ["b"]]],
  ])("%j", (script, expected) => {
    expect(commands(script)).toEqual(expected);
  });
});

test("A shown command is on one line of at most 80 characters", () => {
  expect(shown(["a", "b \n\t c"])).toBe("a b c");
  expect(shown(["x".repeat(80)])).toBe("x".repeat(80));
  expect(shown(["x".repeat(81)])).toBe(`${"x".repeat(79)}…`);
});
