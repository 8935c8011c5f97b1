import { compareVersions } from "../../core/versions";
import type { Machine } from "../machine";

/** What the engine was doing when it failed. */
export type EngineStage = "device" | "weights" | "memory" | "compile";

/** Writes lines in the format of vLLM's releases, which name their processes since 0.10.2. */
export class VllmLog {
  /** Stands before each line of the process that answers requests. */
  readonly api: string;
  /** Stands before each line of the process that runs the model. */
  readonly core: string;

  constructor(
    private readonly machine: Machine,
    readonly version: string,
  ) {
    const since = (first: string) => compareVersions(version, first) >= 0;
    this.api = since("0.10.2") ? "(APIServer pid=1) " : "";
    const core = since("0.18.0") ? "(EngineCore pid=184) " : "(EngineCore_DP0 pid=184) ";
    this.core = since("0.10.2") ? core : "";
  }

  info(process: "api" | "core", place: string, text: string): void {
    this.machine.print(`${this[process]}INFO %T [${place}] ${text}`);
  }

  warning(process: "api" | "core", place: string, text: string): void {
    this.machine.print(`${this[process]}WARNING %T [${place}] ${text}`);
  }

  /** A refusal of the configuration: the process that answers requests ends with a traceback. */
  configurationError(error: readonly string[]): void {
    const lines = ["Traceback (most recent call last):", ...frames(API_FRAMES), ...error];
    this.machine.print(...lines.map((line) => this.api + line));
  }

  /**
   * A failure of the engine: logged by its process, then printed as that process's traceback, and
   * then logged by the process that waited for it.
   */
  engineError(stage: EngineStage, error: readonly string[]): void {
    const places = [CORE_FRAME, STAGE_FRAMES[stage]];
    const traceback = ["Traceback (most recent call last):", ...frames(places), ...error];
    this.machine.print(
      ...["EngineCore failed to start.", ...traceback].map(
        (line) => `${this.core}ERROR %T [core.py:946] ${line}`,
      ),
      ...["Process EngineCore_DP0:", ...traceback].map((line) => this.core + line),
    );
    this.configurationError([
      "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}",
    ]);
  }
}

const PACKAGES = "/usr/local/lib/python3.12/dist-packages";
const API_FRAMES = ["vllm/entrypoints/openai/api_server.py:1371:run_server"];
const CORE_FRAME = "vllm/v1/engine/core.py:937:run_engine_core";
const STAGE_FRAMES: Readonly<Record<EngineStage, string>> = {
  device: "vllm/v1/worker/gpu_worker.py:262:init_device",
  weights: "vllm/model_executor/model_loader/weight_utils.py:461:download_weights_from_hf",
  memory: "vllm/v1/core/kv_cache_utils.py:719:check_enough_kv_cache_memory",
  compile: "vllm/compilation/backends.py:706:__call__",
};

function frames(places: readonly string[]): string[] {
  return places.map((place) => {
    const [file, line, name] = place.split(":");
    return `  File "${PACKAGES}/${file}", line ${line}, in ${name}`;
  });
}
