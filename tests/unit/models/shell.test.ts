import { shellCommands } from "../../../models/src/shell";

function commands(script: string, variables: Record<string, string> = {}): string[][] {
  return [...shellCommands(script, variables)];
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

  test("keeps quoted words together and takes the quotes off", () => {
    expect(commands(`a 'b c' "d e" f\\ g h'i'"j" ''`)).toEqual([
      ["a", "b c", "d e", "f g", "hij", ""],
    ]);
    expect(commands(`a "b && c; d" '#e'`)).toEqual([["a", "b && c; d", "#e"]]);
  });

  test("puts in the variables it knows, but not between single quotes", () => {
    const variables = { A: "x y", B: "z" };
    expect(commands(`$A "\${A}" '$A' $B-$C \${C:-d}\${B:-d} "\\$A"`, variables)).toEqual([
      ["x y", "x y", "$A", "z-$C", "dz", "$A"],
    ]);
  });

  test("leaves what commands print as it is written", () => {
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

  test("lets a caller's change of variables reach the commands that follow", () => {
    const variables: Record<string, string> = {};
    const seen: string[][] = [];
    for (const words of shellCommands("set; use $A", variables)) {
      seen.push(words);
      variables["A"] = "1";
    }
    expect(seen).toEqual([["set"], ["use", "1"]]);
  });

  test("is read to its end even when it is cut off", () => {
    expect(commands("a 'b")).toEqual([["a", "b"]]);
    expect(commands('a "b\\')).toEqual([["a", "b\\"]]);
    expect(commands("a $(b")).toEqual([["a", "$(b"]]);
    expect(commands("a ${b")).toEqual([["a", "${b"]]);
    expect(commands("a \\")).toEqual([["a", ""]]);
  });
});
