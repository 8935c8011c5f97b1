import { type Cloud, gpusFor, type ModelSize, sizeModel } from "@runpod-stack/models";
import { Command, InvalidArgumentError, Option } from "commander";
import { enough } from "../../words";
import { type Colors, colorsFor, type Terminal } from "../terminal";

const EXAMPLES = `
Figures are in decimal GB. They are measured where the model is in the shipped table, else estimated
from its name, with a margin; what cannot be known is null.

Examples:
  $ runpod-policies size Qwen/Qwen3.8-27B
  $ runpod-policies size --max-model-len 32768 meta-llama/Llama-3.3-70B-Instruct
  $ runpod-policies size --json --quantization awq some/model-13b | jq .diskGb`;

interface Options {
  readonly json?: true;
  readonly quantization?: string;
  readonly maxModelLen?: number;
  readonly cloud: Cloud;
}

/** `runpod-policies size [--json] MODEL [--quantization Q] [--max-model-len N]` */
export function sizeCommand(terminal: Terminal): Command {
  return new Command("size")
    .summary("tell what a model needs, and which GPUs hold it")
    .description("Tells what disk, cache and GPU memory a model needs, and which GPUs hold it.")
    .argument("<MODEL>", "the model's repository on the Hugging Face hub")
    .option("--quantization <Q>", "the precision of the stored weights, such as fp8 or awq")
    .option("--max-model-len <N>", "the context length in tokens", tokens)
    .addOption(
      new Option("--cloud <name>", "whose GPUs").choices(["SECURE", "COMMUNITY"]).default("SECURE"),
    )
    .option(
      "--json",
      "print {model, basis, parametersB, weightsGb, cacheGb, diskGb, gpuMemoryGb, gpus}",
    )
    .addHelpText("after", EXAMPLES)
    .action((model: string, { json, quantization, maxModelLen, cloud }: Options) => {
      const size = sizeModel({
        model,
        ...(quantization !== undefined && { quantization }),
        ...(maxModelLen !== undefined && { maxModelLen }),
      });
      const { gpuMemoryGb, attentionHeads } = size;
      const gpus = gpuMemoryGb === null ? [] : gpusFor(gpuMemoryGb, { cloud, attentionHeads });
      const answer = json ? asJson(size, gpus) : asText(size, gpus, colorsFor(terminal));
      terminal.stdout.write(answer);
    });
}

type Gpus = ReturnType<typeof gpusFor>;

function tokens(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("It must be a whole number of tokens.");
}

function asJson(size: ModelSize, gpus: Gpus): string {
  const { model, basis, parametersB, weightsGb, cacheGb, diskGb, gpuMemoryGb } = size;
  const answer = { model, basis, parametersB, weightsGb, cacheGb, diskGb, gpuMemoryGb, gpus };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

function asText(size: ModelSize, gpus: Gpus, colors: Colors): string {
  if (size.basis === "unknown") {
    return `${colors.bold(size.model)}: ${size.reason}\n`;
  }
  const figure = (title: string, value: number | null, unit: string, note: string) =>
    `  ${title.padEnd(12)} ${value === null ? "unknown" : `${enough(value)} ${unit}`}  ${colors.dim(note)}\n`;
  const gpuLines = gpus.slice(0, 8).map(({ id, count }) => `  ${count} × ${id}\n`);
  return [
    `${colors.bold(size.model)}: ${size.reason}\n`,
    figure("parameters", size.parametersB, "billion", ""),
    figure("weights", size.weightsGb, "GB", "downloaded once, or at every restart without a mount"),
    figure("cache", size.cacheGb, "GB", "volumeInGb, or the network volume's size"),
    figure("disk", size.diskGb, "GB", "containerDiskInGb if no volume holds the cache; else 20"),
    figure("GPU memory", size.gpuMemoryGb, "GB", "over all GPUs, at this context length"),
    gpuLines.length > 0 ? `GPUs that hold it, the cheapest first:\n${gpuLines.join("")}` : "",
  ].join("");
}
