import { foreignLines, join, json, multiline, type Safe, safe } from "@runpod-stack/kit";
import {
  Command,
  colorsFor,
  endings,
  examples,
  list,
  paragraph,
  print,
  readText,
  type Terminal,
  teach,
  UnusableInput,
} from "@runpod-stack/kit/command";
import { type Diagnosis, diagnose } from "@runpod-stack/models";
import { endOfStream } from "../end-of-stream";

const HELP = [
  paragraph(
    "Reads what a model server's container printed (vLLM, SGLang, TGI, llama.cpp, Ollama), RunPod's system lines, or both. Names the cause of a failure and shows the lines that prove it. The log can be text, JSON records or an event stream.",
  ),
  examples(
    "runpod-stack diagnose container.log",
    "docker logs my-server 2>&1 | runpod-stack diagnose",
    `curl -sN -m 10 -H "Authorization: Bearer $RUNPOD_API_KEY" \\
  "https://api.runpod.io/v2/pods/<POD_ID>/logs?tail=1000" \\
  | runpod-stack diagnose`,
    "runpod-stack diagnose --json container.log | jq -r .remedy",
  ),
  list("Confidence:", {
    certain: "nothing else prints these lines",
    likely: "the lines have another reading, or may follow from a fault that the log does not show",
    possible: "a warning that healthy servers print too, or a report without the error itself",
  }),
  endings({
    0: "the log was read: a cause was found, or the log is healthy or shows nothing known",
    2: "the input cannot be used",
  }),
];

/** `runpod-stack diagnose [--json] [FILE]` */
export function diagnoseCommand(terminal: Terminal): Command {
  const command = new Command("diagnose")
    .summary("find out from a container's log why it failed")
    .description("Find out from a container's log why it failed, and what to change.")
    .argument("[FILE]", "the log; standard input without it")
    .option("--json", "print {cause, confidence, evidence, remedy}; cause is null without one");
  return teach(command, ...HELP).action(
    async (file: string | undefined, options: { json?: true }) => {
      const diagnosis = diagnose((await readLog(file, terminal)).split("\n"));
      print(terminal, options.json ? json(diagnosis) : tell(diagnosis, terminal));
    },
  );
}

function readLog(file: string | undefined, terminal: Terminal): Promise<string> {
  if (file === undefined && terminal.stdin.isTTY) {
    throw new UnusableInput(
      safe`There is no log to read. Name a file, or pipe one in: \`docker logs my-server 2>&1 | runpod-stack diagnose\``,
    );
  }
  return readText(file ?? "-", terminal, endOfStream);
}

function tell(diagnosis: Diagnosis, terminal: Terminal): Safe {
  const colors = colorsFor(terminal);
  const evidence = foreignLines(diagnosis.evidence.join("\n"), { indent: safe`  ` });
  const { cause, confidence, remedy } = diagnosis;
  if (cause === null) {
    return diagnosis.evidence.length > 0
      ? multiline(
          join([safe`No known cause in this log. `, colors.dim(safe`Its last lines:`)]),
          safe``,
          evidence,
        )
      : safe`Nothing wrong in this log, as far as it goes.`;
  }
  return multiline(
    join([colors.bold(colors.red(safe`${cause}`)), colors.dim(safe`(${confidence})`)], " "),
    safe``,
    evidence,
    safe``,
    join([colors.bold(safe`What to do:`), safe`${remedy}`], " "),
  );
}
