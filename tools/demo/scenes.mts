// What docs/demo.svg shows of the demo's output.

/** A command of the demo, and the lines of its output that are shown. */
export interface Scene {
  /** How the demo's command begins. */
  readonly command: string;
  /** The first line that matches each. */
  readonly lines: readonly RegExp[];
}

const COLUMNS = 104;

export const PREVIEW: Scene = {
  command: "pulumi preview",
  lines: [
    /\[mandatory\].* container-disk-size .*Pod: llm/,
    /containerDiskInGb 20 must/,
    /Set containerDiskInGb to/,
    /\[mandatory\].* persistent-hf-cache .*Pod: llm/,
    /^ +error: preview failed/,
  ],
};

export const UP: Scene = {
  command: "pulumi up --policy-pack",
  lines: [
    /runpod:Pod llm created/,
    /runpod:PodEndpoint openai created .*serving/,
    /^ +costPerHr/,
    /^ +openaiBaseUrl/,
  ],
};

export const ANSWER: Scene = { command: "OPENAI_BASE_URL=", lines: [/\S/] };

export const DESTROY: Scene = { command: "pulumi destroy", lines: [/- \d+ deleted/] };

const SCENES: readonly Scene[] = [
  PREVIEW,
  { command: "pulumi config set containerDiskInGb 100", lines: [] },
  { command: "pulumi config set cacheInGb 100", lines: [] },
  UP,
  ANSWER,
  { ...DESTROY, lines: [...DESTROY.lines, /^✓ everything/] },
];

/** The recording's lines, from the demo's output. */
export function recordingOf(output: string): string[] {
  // A command's output ends where the next command or step begins.
  const sections = asTyped(output).split(/\n(?=\$ |\[\d+\/\d+\])/);
  return SCENES.flatMap((scene) => {
    const section = sections.findLast((text) => text.startsWith(`$ ${scene.command}`));
    if (section === undefined) {
      throw new Error(`The demo does not run ${scene.command}`);
    }
    const [command = "", ...printed] = section.split("\n");
    return [...wrapped(command), ...shown(scene, printed.join("\n"))];
  });
}

/** The lines of a command's output that the recording shows, without what varies between runs. */
export function shown({ command, lines }: Scene, output: string): string[] {
  return lines.flatMap((pattern) => {
    const line = output.split("\n").find((text) => pattern.test(text));
    if (line === undefined) {
      throw new Error(`${command} does not print ${pattern}`);
    }
    return wrapped(
      line
        .replace(/127\.0\.0\.1:\d+/, "127.0.0.1:8787")
        .replace(/\/proxy\/\w+-/, "/proxy/aaii2zulfuhb0u-")
        .replace(/created \([\d.]+s\)/, "created")
        .replace(/ after \w+$/, ""),
    );
  });
}

/** The command without the options that suppress questions. */
function asTyped(output: string): string {
  return output.replaceAll(/ --(?:stack demo|yes|skip-preview|suppress-progress)/g, "");
}

/** Wrapped to a terminal's width, but between words. */
function wrapped(line: string): string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = indent;
  for (const word of line.trim().split(" ")) {
    const longer = current === indent ? current + word : `${current} ${word}`;
    if (longer.length <= COLUMNS) {
      current = longer;
    } else {
      lines.push(current);
      current = indent + word;
    }
  }
  return [...lines, current];
}
