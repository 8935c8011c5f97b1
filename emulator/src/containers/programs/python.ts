import { takesJobs } from "../handlers/job-handler";
import { runVllmWorker } from "../handlers/vllm-worker";
import { VLLM_WORKERS } from "../images";
import type { Process, Program } from "../machine";
import { seconds } from "../machine";
import { serveSglang } from "../servers/sglang";
import { serveVllm } from "../servers/vllm";
import { runServerlessWorker, servePythonFiles, serveThirdParty } from "./web";

type Run = (process: Process, args: readonly string[]) => Program;

/** `python3 -m module`, `python3 script.py`, `python3 -c code`. */
export function* runPython(process: Process, args: readonly string[]): Program {
  const { machine } = process;
  const at = args.findIndex((arg) => !/^-[uOBEIsS]+$/.test(arg));
  const [first, name = "", ...rest] = args.slice(Math.max(0, at));
  if (first === undefined || at < 0 || first === "-c") {
    yield seconds(0.2);
    return 0;
  }
  if (first === "-m") {
    const module = Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
    if (module && (!machine.image.known || module.in.includes(machine.image.family))) {
      return yield* module.run(process, rest);
    }
    if (machine.image.known) {
      machine.print(`/usr/bin/python3: No module named ${name.split(".")[0]}`);
      return 1;
    }
    return yield* serveThirdParty(process);
  }
  if (first === "/src/main.py" && VLLM_WORKERS.includes(machine.image.repository)) {
    return yield* takesJobs(process.env) ? runVllmWorker(process) : runServerlessWorker(process);
  }
  if (machine.image.known && machine.disk.sizeOf(first) === undefined) {
    machine.print(`python3: can't open file '${first}': [Errno 2] No such file or directory`);
    return 2;
  }
  return yield* serveThirdParty(process);
}

const MODULES: Readonly<Record<string, { run: Run; in: readonly string[] }>> = {
  "vllm.entrypoints.openai.api_server": {
    run: (process, args) => serveVllm(process, "api_server.py", args),
    in: ["vllm"],
  },
  "sglang.launch_server": { run: serveSglang, in: ["sglang"] },
  "http.server": { run: servePythonFiles, in: ["vllm", "sglang", "tgi", "generic"] },
};
