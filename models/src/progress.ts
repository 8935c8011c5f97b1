import { presentRun } from "./run";

/** A step between a container's creation and the moment its server is ready. */
interface Step {
  readonly pattern: RegExp;
  readonly describe: (found: RegExpExecArray) => string;
  /** Whether a model server prints it while starting. */
  readonly isModel: boolean;
}

const image = (pattern: RegExp, describe: Step["describe"]): Step => ({
  pattern,
  describe,
  isModel: false,
});
const model = (pattern: RegExp, describe: Step["describe"]): Step => ({
  pattern,
  describe,
  isModel: true,
});

/** Log lines of Docker, Hugging Face's client, vLLM, SGLang, TGI, llama.cpp and Ollama. */
const STEPS: readonly Step[] = [
  image(
    /Downloading\s{1,9}\[[=> ]{0,80}\]\s{1,9}([\d.]{1,9})\s?([kMG]?B)\/([\d.]{1,9})\s?([kMG]?B)/,
    ([, done, unit, total, ofUnit]) => `pulling ${amount(done, unit, total, ofUnit)}`,
  ),
  image(/Extracting\s{1,9}\[/, () => "unpacking image"),
  image(/pending image pull|Pulling fs layer|\bPulling from /, () => "pulling image"),
  image(/Downloaded newer image|Image is up to date/, () => "image pulled"),
  image(/^create container /, () => "creating container"),
  image(/\bstart container for\b/, () => "starting container"),
  model(
    /-(\d{5})-of-(\d{5})\.\w{1,12}:\s{0,8}(\d{1,3})%\|/,
    ([, file, of, percent]) =>
      `downloading weights, file ${Number(file)}/${Number(of)} at ${percent}%`,
  ),
  model(
    /\.(?:safetensors|gguf|bin|pth?):\s{0,8}\d{1,3}%\|.{0,80}\|\s{0,4}([\d.]{1,9})([kMGT])B?\/([\d.]{1,9})([kMGT])B?/,
    ([, done, unit, total, ofUnit]) =>
      `downloading weights ${amount(done, `${unit}B`, total, `${ofUnit}B`)}`,
  ),
  model(
    /Fetching \d{1,9} files:\s{0,8}\d{1,3}%\|.{0,80}\|\s{0,4}(\d{1,9})\/(\d{1,9})/,
    ([, done, total]) => `downloading weights ${done}/${total} files`,
  ),
  model(
    /pulling [0-9a-f]{6,64}[^%]{0,20}?(\d{1,3})%/,
    ([, percent]) => `downloading weights ${percent}%`,
  ),
  model(
    /Starting (?:check and )?download process|\[download\]|Download file:/,
    () => "downloading weights",
  ),
  model(
    /checkpoint shards:\s{0,8}\d{1,3}%.{0,80}\|\s{0,4}(\d{1,9})\/(\d{1,9})/,
    ([, done, total]) => `loading weights ${done}/${total} files`,
  ),
  model(
    /Starting to load model|Load(?:ing)? weight begin|Loading model from scratch|Starting shard\b|Waiting for shard|main: loading model|load_tensors: /,
    () => "loading weights",
  ),
  model(/Loading weights took|Load(?:ing)? weight end|Shard ready/, () => "weights loaded"),
  model(/Using cache directory: .{0,400}torch\.compile|Dynamo bytecode/, () => "compiling"),
  model(
    /Captur(?:ing|e) (?:CUDA|cuda) graphs?\b(?!.{0,40}\bend\b)(?:.{0,80}?(\d{1,3})%)?/,
    ([, percent]) =>
      percent === undefined ? "capturing CUDA graphs" : `capturing CUDA graphs ${percent}%`,
  ),
  model(
    /Available KV cache memory|Warming up model|warming up the model|KV Cache is allocated/,
    () => "warming up",
  ),
];

/** The container's current step, from the last log line that shows one; null if none does. */
export function readProgress(log: readonly string[]): string | null {
  for (const line of presentRun(log).reverse()) {
    for (const { pattern, describe } of STEPS) {
      const found = pattern.exec(line);
      if (found !== null) {
        return describe(found);
      }
    }
  }
  return null;
}

/** Whether a model server prints the line while starting. */
export function isModelProgress(line: string): boolean {
  return STEPS.some(({ isModel, pattern }) => isModel && pattern.test(line));
}

function amount(
  done: string | undefined,
  unit: string | undefined,
  total: string | undefined,
  ofUnit: string | undefined,
): string {
  return unit === ofUnit ? `${done}/${total} ${ofUnit}` : `${done} ${unit} of ${total} ${ofUnit}`;
}
