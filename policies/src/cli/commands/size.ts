import { type Colors, join, json, multiline, type Safe, safe } from "@runpod-stack/kit";
import {
  Command,
  colorsFor,
  endings,
  examples,
  InvalidArgumentError,
  Option,
  paragraph,
  print,
  type Terminal,
  teach,
} from "@runpod-stack/kit/command";
import { type Cloud, gpusFor, LATEST_VLLM, type ModelSize, sizeModel } from "@runpod-stack/models";
import { enough, percent } from "../../words";

const HELP = [
  paragraph(
    "Sizes are in decimal GB. They are measured if the model is in the bundled table; otherwise they are estimated from its name, with a margin. An unknown size is null in --json.",
  ),
  examples(
    "runpod-policies size Qwen/Qwen3.8-27B",
    "runpod-policies size --max-model-len 32768 meta-llama/Llama-3.3-70B-Instruct",
    "runpod-policies size --json --quantization awq some/model-13b | jq .diskGb",
  ),
  endings({ 0: "the model's size is printed, or is unknown", 2: "the input cannot be used" }),
];

interface Options {
  readonly json?: true;
  readonly quantization?: string;
  readonly maxModelLen?: number;
  readonly cloud: Cloud;
}

/** `runpod-policies size [--json] MODEL [--quantization Q] [--max-model-len N]` */
export function sizeCommand(terminal: Terminal): Command {
  const command = new Command("size")
    .summary("show what a model needs, and which GPUs it fits on")
    .description(
      "Show how much disk, cache and GPU memory a model needs, and which GPUs it fits on.",
    )
    .argument("<MODEL>", "the model's repository on the Hugging Face hub")
    .option("--quantization <Q>", "the precision of the stored weights, such as fp8 or awq")
    .option("--max-model-len <N>", "the context length in tokens", tokens)
    .addOption(
      new Option("--cloud <name>", "the cloud with the GPUs")
        .choices(["SECURE", "COMMUNITY"])
        .default("SECURE"),
    )
    .option(
      "--json",
      "print {model, basis, parametersB, weightsGb, cacheGb, diskGb, gpuMemoryGb, gpus}",
    );
  return teach(command, ...HELP).action(
    (model: string, { json: isJson, quantization, maxModelLen, cloud }: Options) => {
      const size = sizeModel({
        model,
        ...(quantization !== undefined && { quantization }),
        ...(maxModelLen !== undefined && { maxModelLen }),
      });
      const gpus = gpusFor(size, { cloud });
      print(terminal, isJson ? asJson(size, gpus) : asText(size, gpus, colorsFor(terminal)));
    },
  );
}

type Gpus = ReturnType<typeof gpusFor>;

function tokens(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) {
    return count;
  }
  throw new InvalidArgumentError("It must be a whole number of tokens.");
}

function asJson(size: ModelSize, gpus: Gpus): Safe {
  const { model, basis, parametersB, weightsGb, cacheGb, diskGb, gpuMemoryGb } = size;
  const choices = gpus.map(({ id, count }) => ({ id, count }));
  return json({
    model,
    basis,
    parametersB,
    weightsGb,
    cacheGb,
    diskGb,
    gpuMemoryGb,
    gpus: choices,
  });
}

function asText(size: ModelSize, gpus: Gpus, colors: Colors): Safe {
  const title = join([colors.bold(safe`${size.model}`), safe`: ${size.reason}`]);
  if (size.basis === "unknown") {
    return title;
  }
  const figure = (name: string, value: number | null, unit: string, note: string) => {
    const shown = value === null ? "unknown" : `${enough(value)} ${unit}`;
    return join([safe`  ${name.padEnd(12)} ${shown}  `, colors.dim(safe`${note}`)]);
  };
  const length = size.tokens ? `at ${size.tokens} tokens` : "with a short context";
  const share = percent(LATEST_VLLM.utilization);
  return multiline(
    title,
    figure("parameters", size.parametersB, "billion", ""),
    figure(
      "weights",
      size.weightsGb,
      "GB",
      "downloaded once, or at every restart without a volume",
    ),
    figure("cache", size.cacheGb, "GB", "volumeInGb, or the network volume's size"),
    figure(
      "disk",
      size.diskGb,
      "GB",
      "containerDiskInGb if the cache is not on a volume; otherwise 20",
    ),
    figure("GPU memory", size.gpuMemoryGb, "GB", `one GPU, ${length}; vLLM uses ${share} of it`),
    gpus.length > 0 ? [safe`GPUs that it fits on, cheapest first:`, ...gpuTable(gpus, colors)] : [],
  );
}

const MOST_GPUS = 8;
/** Characters of a column. */
const COLUMN = 12;

/** Memory per GPU for each choice: the parts, their sum, the usable memory and the spare. */
function gpuTable(gpus: Gpus, colors: Colors): Safe[] {
  const rows = gpus.slice(0, MOST_GPUS).map(({ id, count, need }) => {
    const { weightsGb, kvCacheGb, activationsGb, cudaGraphsGb, totalGb, usableGb } = need;
    const cache = kvCacheGb ?? totalGb - weightsGb - activationsGb - cudaGraphsGb;
    const parts = [weightsGb, cache, activationsGb, cudaGraphsGb, totalGb, usableGb];
    const figures = [...parts, usableGb - totalGb].map((size) => size.toFixed(1).padStart(COLUMN));
    return { name: `${count} × ${id}`, figures: figures.join("") };
  });
  const width = Math.max(...rows.map(({ name }) => name.length));
  const heads = ["weights", "KV cache", "activations", "graphs", "sum", "usable", "spare"];
  const header = heads.map((head) => head.padStart(COLUMN)).join("");
  return [
    colors.dim(safe`  ${"GB on each GPU".padEnd(width)} ${header}`),
    ...rows.map(({ name, figures }) => safe`  ${name.padEnd(width)} ${figures}`),
  ];
}
