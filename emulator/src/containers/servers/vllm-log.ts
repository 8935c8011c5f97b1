import { compareVersions } from "../../core/versions";
import type { Machine } from "../machine";
import { pythonFixed } from "../vllm-api/python";
import {
  CONFIGURE,
  type EngineStage,
  PROCESS,
  STAGES,
  traceback,
  WAIT_FOR_ENGINE,
} from "./vllm-tracebacks";

/** Writes lines in the format of vLLM's releases, which name their processes since 0.10.2. */
export class VllmLog {
  /** Stands before each line of the process that answers requests. */
  readonly api: string;
  /** Stands before each line of the process that runs the model. */
  readonly core: string;
  private readonly hasBanner: boolean;

  constructor(
    private readonly machine: Machine,
    readonly version: string,
  ) {
    const since = (first: string) => compareVersions(version, first) >= 0;
    this.api = since("0.10.2") ? "(APIServer pid=1) " : "";
    const core = since("0.18.0") ? "(EngineCore pid=184) " : "(EngineCore_DP0 pid=184) ";
    this.core = since("0.10.2") ? core : "";
    this.hasBanner = since("0.24.0");
  }

  info(process: "api" | "core", place: string, text: string): void {
    this.machine.print(`${this[process]}INFO %T [${place}] ${text}`);
  }

  warning(process: "api" | "core", place: string, text: string): void {
    this.machine.print(`${this[process]}WARNING %T [${place}] ${text}`);
  }

  /** What the server says first: the release and the model. */
  begin(model: string, args: string): void {
    if (this.hasBanner) {
      for (const line of banner(this.version, model)) {
        this.info("api", "api_utils.py:339", line);
      }
      this.info("api", "api_utils.py:273", `non-default args: ${args}`);
    } else {
      this.info("api", "api_server.py:1977", `vLLM API server version ${this.version}`);
      this.info("api", "utils.py:253", `non-default args: ${args}`);
    }
  }

  modelLoaded(gib: number, seconds: number): void {
    const took = this.hasBanner ? `${pythonFixed(gib, 2)} GiB` : `${gib.toFixed(4)} GiB memory`;
    const text = `Model loading took ${took} and ${seconds.toFixed(6)} seconds`;
    this.info("core", this.hasBanner ? "model_runner.py:302" : "gpu_model_runner.py:3659", text);
  }

  /** The address, after which the routes are listed. */
  listening(url: string): void {
    const server = this.hasBanner ? "server" : "API server 0";
    this.info("api", "api_server.py:581", `Starting vLLM ${server} on ${url}`);
  }

  /** A line of uvicorn, the web server. */
  uvicorn(text: string): void {
    this.machine.print(`${this.api}INFO:     ${text}`);
  }

  /** A refusal of the configuration: the process that answers requests ends with a traceback. */
  configurationError(error: readonly string[]): void {
    this.machine.print(...traceback(CONFIGURE, error).map((line) => this.api + line));
  }

  /**
   * A failure of the engine: logged by its process, then printed as that process's traceback, and
   * then logged by the process that waited for it. The cause stands 90 lines before the end.
   */
  engineError(stage: EngineStage, error: readonly string[]): void {
    const frames = STAGES[stage];
    const name = this.core.includes("_DP0") ? "EngineCore_DP0" : "EngineCore";
    this.machine.print(
      ...["EngineCore failed to start.", ...traceback(frames, error)].map(
        (line) => `${this.core}ERROR %T [core.py:1231] ${line}`,
      ),
      ...[`Process ${name}:`, ...traceback([...PROCESS, ...frames], error)].map(
        (line) => this.core + line,
      ),
      ...traceback(WAIT_FOR_ENGINE, [ENGINE_FAILED]).map((line) => this.api + line),
    );
  }
}

const ENGINE_FAILED =
  "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}";

function banner(version: string, model: string): string[] {
  return [
    "",
    "       █     █     █▄   ▄█",
    ` ▄▄ ▄█ █     █     █ ▀▄▀ █  version ${version}`,
    `  █▄█▀ █     █     █     █  model   ${model}`,
    "   ▀▀  ▀▀▀▀▀ ▀▀▀▀▀ ▀     ▀",
    "",
  ];
}
