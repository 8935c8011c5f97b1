// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
import { BeyondLimits, MAX_COMMAND_LENGTH } from "../../../models/src/limits";
import { shellCommands } from "../../../models/src/shell";
import { Variables } from "../../../models/src/variables";

function commands(script: string, variables: Record<string, string> = {}): string[][] {
  return [...shellCommands(script, new Variables(variables))];
}

describe("A shell script", () => {
  test("ends a command at each operator and line", () => {
    expect(commands("a 1 && b 2 || c; d | e &\nf")).toEqual([
      ["a", "1"],
      ["b", "2"],
      ["c"],
      ["d"],
      ["e"],
      ["f"],
    ]);
    expect(commands("(a; b) { c; }")).toEqual([["a"], ["b"], ["c"]]);
  });

  test("keeps quoted words together and removes the quotes", () => {
    expect(commands(`a 'b c' "d e" f\\ g h'i'"j" ''`)).toEqual([
      ["a", "b c", "d e", "f g", "hij", ""],
    ]);
    expect(commands(`a "b && c; d" '#e'`)).toEqual([["a", "b && c; d", "#e"]]);
  });

  test("expands known variables, but not in single quotes", () => {
    const variables = { A: "x y", B: "z" };
    expect(commands(`$A "\${A}" '$A' $B-$C \${C:-d}\${B:-d} "\\$A"`, variables)).toEqual([
      ["x", "y", "x y", "$A", "z-$C", "dz", "$A"],
    ]);
  });

  test("uses the default of an unset variable, and expands variables and defaults in it", () => {
    const variables = { A: "a", E: "" };
    const read = (word: string) => commands(word, variables)[0]?.[0];
    expect(read("${A:-b}/${B:-$A}/${B-${A}x}/${B:-${C:-c}}")).toBe("a/a/ax/c");
    expect(read('"${A:-${B:-c}}" "${B:-"d"}"')).toBe("a");
    expect(read("${E:-b}${E-c}")).toBe("b");
    expect(read("${A%/*}${#A}${B:-$C}")).toBe("${A%/*}${#A}$C");
    expect(read("${constructor}${__proto__:-x}")).toBe("${constructor}x");
  });

  test("is not read if its variables expand beyond the limit on a command", () => {
    const doubled = Array.from({ length: 30 }, (_, n) => `a${n + 1}=$a${n}$a${n}`).join(";");
    const read = () => {
      const variables = new Variables({ a0: "x" });
      for (const [word = ""] of shellCommands(`${doubled}; x $a30`, variables)) {
        const [name = "", value = ""] = word.split("=");
        variables.set(name, value);
      }
    };
    expect(read).toThrow(BeyondLimits);
    const half = "x".repeat(MAX_COMMAND_LENGTH / 2);
    expect(commands("a $A $A", { A: half })[0]).toEqual(["a", half, half]);
    expect(() => commands("a $A $A $A", { A: half })).toThrow(BeyondLimits);
    expect(() => commands("${A-".repeat(40))).toThrow(BeyondLimits);
  });

  test("expands arrays and arguments to separate words", () => {
    expect(commands('A=(x "y z"); A+=(w); a "${A[@]}" "p${A[@]}q" ${A[*]}')).toEqual([
      ["a", "x", "y z", "w", "px", "y z", "wq", "x", "y z", "w"],
    ]);
    const variables = new Variables();
    variables.setList("@", ["1", "2 3"]);
    expect([...shellCommands('a "$@" $1 "$2" ${3:-x}', variables)]).toEqual([
      ["a", "1", "2 3", "1", "2 3", "x"],
    ]);
    expect(commands('a "$@" "$1"')).toEqual([["a", "$@", "$1"]]);
  });

  test("keeps a function until it is called", () => {
    const variables = new Variables();
    const read = [...shellCommands('f() { a "}" ${B}; b; }; function g { c; }; f x', variables)];
    expect(read).toEqual([["f", "x"]]);
    expect(variables.body("f")).toBe(' a "}" ${B}; b; ');
    expect(variables.body("g")).toBe(" c; ");
  });

  test("reads a here document that a shell may run", () => {
    expect(commands("bash <<'X'\na\nX\nb")).toEqual([["bash"], ["a"], ["b"]]);
    expect(commands("cat > /x.sh <<X\na\nX\nb")).toEqual([["cat"], ["a"], ["b"]]);
    expect(commands("cat > /x.json <<X\na\nX\npython3 - <<Y\nb\nY\nc")).toEqual([
      ["cat"],
      ["python3", "-"],
      ["c"],
    ]);
    expect(commands("bash <<X\na")).toEqual([["bash"], ["a"]]);
  });

  test("leaves command substitutions as written", () => {
    expect(commands('a "$(b "c d" | e)" $(f (g) h) `i j` $((1 + 2))')).toEqual([
      ["a", '$(b "c d" | e)', "$(f (g) h)", "`i j`", "$((1 + 2))"],
    ]);
  });

  test("drops comments, redirections and broken lines", () => {
    expect(commands("a > /x 2>&1 b >>/y <z c # d\ne \\\n f#g")).toEqual([
      ["a", "b", "c"],
      ["e", "f#g"],
    ]);
  });

  test("applies a caller's change of variables to the commands that follow", () => {
    const variables = new Variables();
    const seen: string[][] = [];
    for (const words of shellCommands("set; use $A", variables)) {
      seen.push(words);
      variables.set("A", "1");
    }
    expect(seen).toEqual([["set"], ["use", "1"]]);
  });

  test("is read to its end even if it is truncated", () => {
    expect(commands("a 'b")).toEqual([["a", "b"]]);
    expect(commands('a "b\\')).toEqual([["a", "b\\"]]);
    expect(commands("a $(b")).toEqual([["a", "$(b"]]);
    expect(commands("a ${b")).toEqual([["a", "${b"]]);
    expect(commands("a \\")).toEqual([["a", ""]]);
  });
});
