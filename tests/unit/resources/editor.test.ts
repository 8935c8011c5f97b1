import path from "node:path";
import ts from "typescript";

/*
 * What an editor shows of the built package, in a project with the usual strict settings: tooltips, completions and errors, by TypeScript's language service.
 */

const FILE = path.join(__dirname, "program.ts");
const PROGRAM = `
import { Pod, PodEndpoint, Template } from "@runpod-stack/provider";
const pod = new Pod("p", {
  gpuTypeIds: ["NVIDIA L4"],
  imageName: "a",
  cloudType: "SECURE",
  locked: true,
  ports: [],
  env: {},
  dataCenterIds: [""],
  terminateAfter: "8h",
});
const { containerDiskInGb, revision } = pod;
const { url } = new PodEndpoint("e", { pod, port: 8000 });
new Pod("misspelled", { gpuTypeIds: [], imageNam: "a" });
new Template("lacking", {});
new PodEndpoint("lacking", { port: 8000 });
`;

const options: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: [],
  skipLibCheck: true,
};
const service = ts.createLanguageService({
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  directoryExists: ts.sys.directoryExists,
  getScriptFileNames: () => [FILE],
  getScriptVersion: () => "1",
  getScriptSnapshot: (file) => {
    const text = file === FILE ? PROGRAM : ts.sys.readFile(file);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => __dirname,
  getCompilationSettings: () => options,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
});

/** The tooltip of the first mention of a name: its type and its docstring. */
function hover(name: string): [type: string, text: string] {
  const info = service.getQuickInfoAtPosition(FILE, PROGRAM.indexOf(name));
  const type = ts.displayPartsToString(info?.displayParts).replace(/^[^:]*: /, "");
  return [type.replaceAll("pulumi.", ""), ts.displayPartsToString(info?.documentation)];
}

function completions(at: string): string[] {
  const position = PROGRAM.indexOf(at) + at.length;
  const { entries = [] } = service.getCompletionsAtPosition(FILE, position, {}) ?? {};
  return entries.map(({ name }) => name);
}

test.each([
  ["imageName:", "Input<string> | undefined", "The container image. Required unless"],
  ["cloudType:", 'Input<"SECURE" | "COMMUNITY"> | undefined', "`SECURE` or `COMMUNITY`."],
  ["locked:", "Input<boolean> | undefined", "Protects the pod"],
  ["ports:", "Input<Input<string>[]> | undefined", "Exposed ports"],
  ["env:", "Input<Record<string, Input<string>>> | undefined", "Environment variables."],
  ["gpuTypeIds:", "Input<Input<AnyGpuTypeId>[]>", "GPU types in the order"],
  ["terminateAfter:", "Input<AnyDuration> | undefined", "Time from the pod's creation"],
])("%s is shown as %s, with its docstring", (input, type, text) => {
  expect(hover(input)).toEqual([type, expect.stringContaining(text)]);
});

test("an output is shown with its type, and an input that is read has its docstring", () => {
  expect(hover("containerDiskInGb,")[0]).toContain("number | undefined");
  expect(hover("revision }")[0]).toContain("number");
  expect(hover("url }")[0]).toBe("Output<string>");
  const members = service.getQuickInfoAtPosition(FILE, PROGRAM.indexOf("containerDiskInGb"));
  expect(ts.displayPartsToString(members?.documentation)).toContain("Container disk in GB");
});

test("GPU types and data centers complete", () => {
  expect(completions('gpuTypeIds: ["')).toContain("NVIDIA GeForce RTX 4090");
  expect(completions('dataCenterIds: ["')).toContain("EU-RO-1");
});

test("an error names the arguments' own type, and the name or the input that was meant", () => {
  const errors = service
    .getSemanticDiagnostics(FILE)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  expect(errors).toEqual([
    expect.stringContaining("Did you mean to write 'imageName'?"),
    expect.stringContaining("not assignable to parameter of type 'TemplateArgs'"),
    expect.stringContaining("not assignable to parameter of type 'PodEndpointArgs'"),
  ]);
  expect(errors.join()).not.toMatch(/Omit<|Pick<| & \{/);
});
