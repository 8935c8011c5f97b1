import { isSince } from "../../core/versions";
import { architectureOf } from "../architectures";
import type { Machine } from "../machine";
import { pythonFixed, pythonRepr } from "../vllm-api/python";
import { PLACES, SECOND_PLACES, SECOND_RUNNER } from "./vllm-log-places";
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
  /** Whether the model runs in the newer of the two runners of 0.24. */
  private hasSecondRunner = false;

  constructor(
    private readonly machine: Machine,
    readonly version: string,
  ) {
    const since = (first: string) => isSince(version, first);
    this.api = since("0.10.2") ? "(APIServer pid=1) " : "";
    const core = since("0.18.0") ? "(EngineCore pid=184) " : "(EngineCore_DP0 pid=184) ";
    this.core = since("0.10.2") ? core : "";
    this.hasBanner = since("0.24.0");
  }

  info(process: "api" | "core", place: string, text: string): void {
    this.machine.print(`${this[process]}INFO %T [${this.placeOf(place)}] ${text}`);
  }

  warning(process: "api" | "core", place: string, text: string): void {
    this.machine.print(`${this[process]}WARNING %T [${this.placeOf(place)}] ${text}`);
  }

  /** Where this release logs what 0.18 logs at this file and line. */
  private placeOf(place: string): string {
    const own = this.hasSecondRunner ? SECOND_PLACES[place] : undefined;
    return own ?? ((this.hasBanner && PLACES[place]) || place);
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

  /** The configuration as the process that answers requests has read it. */
  configured(model: string, maxModelLen: number, isEager: boolean): void {
    const architecture = architectureOf(model);
    if (architecture !== null) {
      this.info("api", "model.py:545", `Resolved architecture: ${architecture}`);
    }
    this.info("api", "model.py:1661", `Using max model len ${maxModelLen}`);
    this.info("api", "scheduler.py:226", CHUNKED_PREFILL);
    if (this.hasBanner) {
      this.info("api", "vllm.py:1006", "Asynchronous scheduling is enabled.");
    }
    if (this.hasBanner && isEager) {
      this.warning("api", "vllm.py:1062", EAGER);
      this.info("api", "vllm.py:1288", "Cudagraph is disabled under eager mode");
    }
  }

  /** What precedes the weights. */
  loading(model: string, gpus: number): void {
    const start = `Starting to load model ${model}...`;
    if (!this.hasBanner) {
      this.info("core", "gpu_model_runner.py:3562", start);
      return;
    }
    this.hasSecondRunner = SECOND_RUNNER.has(architectureOf(model) ?? "");
    this.info(
      "core",
      "parallel_state.py:1588",
      `world_size=${gpus} rank=0 local_rank=0 distributed_init_method=tcp://127.0.0.1:38679 backend=nccl`,
    );
    if (this.hasSecondRunner) {
      this.info("core", "gpu_worker.py:331", "Using V2 Model Runner");
      this.info("core", "model_runner.py:281", "Loading model from scratch...");
    } else {
      this.info("core", "gpu_model_runner.py:5160", start);
    }
  }

  /** What follows the cache's size and, if there are any, the graphs. */
  engineReady(since: number): void {
    if (this.hasBanner) {
      const took = ((this.machine.now() - since) / 1000).toFixed(2);
      const text = `init engine (profile, create kv cache, warmup model) took ${took} s`;
      this.info("core", "core.py:344", text);
    }
  }

  /** What the server can be asked for, and how it answers chats if it generates text. */
  tasks(tasks: readonly string[], generates: boolean): void {
    this.info("api", "api_server.py:1346", `Supported tasks: ${pythonRepr(tasks)}`);
    if (!generates) {
      return;
    }
    this.warning("api", "model.py:1451", this.hasBanner ? SAMPLING_0_24 : SAMPLING);
    if (this.hasBanner) {
      this.info("api", "hf.py:548", TEMPLATE_FORMAT);
    }
  }

  modelLoaded(gib: number, seconds: number): void {
    const took = this.hasBanner ? `${pythonFixed(gib, 2)} GiB` : `${gib.toFixed(4)} GiB`;
    const text = `Model loading took ${took}${this.hasSecondRunner ? "" : " memory"} and ${seconds.toFixed(6)} seconds`;
    this.info(
      "core",
      this.hasSecondRunner ? "model_runner.py:302" : "gpu_model_runner.py:3659",
      text,
    );
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

const CHUNKED_PREFILL = "Chunked prefill is enabled with max_num_batched_tokens=8192.";
const EAGER =
  "Enforce eager set, disabling torch.compile and CUDAGraphs. This is equivalent to setting -cc.mode=none -cc.cudagraph_mode=none";
const SAMPLING =
  "Default sampling parameters have been overridden by the model's Hugging Face generation config recommended from the model creator. If this is not intended, please relaunch vLLM instance with `--generation-config vllm`.";
const SAMPLING_0_24 =
  "Default vLLM sampling parameters have been overridden by the model's `generation_config.json`: `{'temperature': 0.6, 'top_k': 20, 'top_p': 0.95}`. If this is not intended, please relaunch vLLM instance with `--generation-config vllm`.";
const TEMPLATE_FORMAT =
  "Detected the chat template content format to be 'string'. You can set `--chat-template-content-format` to override this.";
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
