/** What of a pod or template decides what its container runs. */
export interface ServerSpec {
  readonly imageName?: string;
  readonly dockerEntrypoint?: readonly string[];
  readonly dockerStartCmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type ServerKind = "vllm" | "sglang" | "tgi" | "llama.cpp" | "ollama" | "worker-vllm";

/** A model server as its command line and environment set it up; null where neither says. */
export interface ServerCommand {
  readonly server: ServerKind;
  /** The model as given: a repository id, a path, or for Ollama and llama.cpp their own notation. */
  readonly model: string | null;
  readonly port: number | null;
  readonly maxModelLen: number | null;
  readonly tensorParallel: number | null;
  readonly gpuMemoryUtilization: number | null;
  readonly quantization: string | null;
  readonly downloadDir: string | null;
  /** Whether callers of the model's routes must show a key. */
  readonly asksForKey: boolean | null;
  /** `LD_LIBRARY_PATH` in force when the server starts. */
  readonly ldLibraryPath: string | null;
}

/** Reads what model server a container runs, or null if it serves no model as far as known. Never throws. */
export function readServer(_spec: ServerSpec): ServerCommand | null {
  return null;
}
