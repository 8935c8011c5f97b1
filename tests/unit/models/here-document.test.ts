import { mayBeScript } from "../../../models/src/here-document";
import { Variables } from "../../../models/src/variables";

describe("A here document", () => {
  test.each<[string, string | undefined]>([
    ["bash", undefined],
    ["ssh host", undefined],
    ["cat", "/run.sh"],
    ["cat", undefined],
    ["tee /run.sh", undefined],
    ["tee -a /x.json.sh", undefined],
    ["cat", "/json"],
    ["tee", undefined],
    ["concat", "/x.json"],
    ["teep", "/x.json"],
    ["mypython", undefined],
    ["node_exporter", undefined],
    ["/python3/x", undefined],
    ["", undefined],
  ])("may be a script: %s > %s", (command, target) => {
    expect(mayBeScript(command.split(" "), target)).toBe(true);
  });

  test.each<[string, string | undefined]>([
    ["cat", "/x.json"],
    ["cat", "/x.yaml"],
    ["cat", "/x.yml"],
    ["cat", "/x.jinja"],
    ["cat", "/x.jinja2"],
    ["cat", "/Modelfile.Modelfile"],
    ["cat /x.sh", "/x.py"],
    ["tee /x.json", undefined],
    ["tee -a /x.json", undefined],
    ["python", undefined],
    ["python3.12 -", undefined],
    ["/usr/bin/python3", undefined],
    ["node", undefined],
    ["/usr/bin/jq .", undefined],
  ])("is none: %s > %s", (command, target) => {
    expect(mayBeScript(command.split(" "), target)).toBe(false);
  });

  test("may be a script without a command", () => {
    expect(mayBeScript([], undefined)).toBe(true);
  });
});

describe("The variables of a shell", () => {
  test("take precedence over the outer shell's, which stay", () => {
    const outer = new Variables({ A: "1", B: "2" });
    const inner = new Variables({ A: "3" }, outer);
    inner.set("C", "4");
    inner.unset("B");
    expect([inner.get("A"), inner.get("B"), inner.get("C")]).toEqual(["3", undefined, "4"]);
    expect(inner.all()).toStrictEqual({ A: "3", C: "4" });
    expect(outer.all()).toEqual({ A: "1", B: "2" });
    expect(new Variables({}, outer).get("A")).toBe("1");
    expect(outer.get("C")).toBeUndefined();
  });

  test("are either arrays or text", () => {
    const outer = new Variables();
    const inner = new Variables({}, outer);
    outer.setList("A", ["1"]);
    expect(inner.list("A")).toEqual(["1"]);
    inner.setList("A", ["2"]);
    expect([inner.list("A"), outer.list("A")]).toEqual([["2"], ["1"]]);
    outer.set("A", "x");
    expect(outer.list("A")).toBeUndefined();
    outer.setList("A", ["1"]);
    outer.unset("A");
    expect(outer.list("A")).toBeUndefined();
  });

  test("include functions, also the outer shell's", () => {
    const outer = new Variables();
    outer.define("f", "x");
    const inner = new Variables({}, outer);
    inner.define("g", "y");
    expect([inner.body("f"), inner.body("g"), inner.body("h")]).toEqual(["x", "y", undefined]);
    expect(outer.body("g")).toBeUndefined();
  });
});
