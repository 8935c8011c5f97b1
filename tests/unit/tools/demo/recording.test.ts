import { readFileSync } from "node:fs";
import path from "node:path";
import { recordingOf, shown, UP } from "../../../../tools/demo/scenes.mts";
import { linesOf, render } from "../../../../tools/demo/svg.mts";
import { recording } from "../../../support/recording";

const ROOT = path.join(__dirname, "../../../..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

describe("The recording of the demo", () => {
  test("is drawn by the script, from lines that tests compare with real runs", () => {
    expect(read("docs/demo.svg")).toBe(render(recording()));
  });

  test("ends as the demo ends", () => {
    const [last = ""] = recording().slice(-1);
    expect(read("tools/demo/demo.mts")).toContain(`"${last.replace("✓ ", "")}"`);
  });

  test("shows the same lines for every port, pod and machine", () => {
    const output = (port: number, pod: string, seconds: string) =>
      [
        ` +  pulumi-nodejs:dynamic/runpod:Pod llm created (${seconds}) `,
        ` +  pulumi-nodejs:dynamic/runpod:PodEndpoint openai created (${seconds}) serving a/b after 9s`,
        "    costPerHr    : 6.79",
        `    openaiBaseUrl: "http://127.0.0.1:${port}/proxy/${pod}-8000/v1"`,
      ].join("\n");
    expect(shown(UP, output(1, "a", "3s"))).toEqual(shown(UP, output(65535, "b2", "0.12s")));
  });

  test("cannot be made of a demo that prints something else", () => {
    expect(() => recordingOf("[1/1] A step\n$ pulumi up\n")).toThrow(
      "The demo does not run pulumi preview",
    );
    expect(() => shown(UP, "nothing")).toThrow(
      "pulumi up --policy-pack does not print /runpod:Pod",
    );
  });

  test("keeps every character of a line", () => {
    const lines = ["$ a <b> & c", "    d  e"];
    expect(linesOf(render(lines))).toEqual(lines);
  });
});
