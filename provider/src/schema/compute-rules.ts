import type { Previewed } from "./field";
import { listed, type Problem, problem, type Rule } from "./rules";

/** The inputs that decide what a container runs, and on what. */
interface Computed {
  imageName?: string;
  templateId?: string;
  gpuTypeIds?: readonly string[];
  cpuFlavorIds?: readonly string[];
  vcpuCount?: number;
  allowedCudaVersions?: readonly string[];
  minCudaVersion?: string;
}

/** What differs between kinds that have GPUs, or only CPUs. */
interface Kind<T> {
  readonly noun: "pod" | "endpoint";
  /** The article of the noun. */
  readonly article: "a" | "an";
  /** How to set the GPU types. */
  readonly gpuTypes: string;
  /** What to do instead of setting virtual CPUs. */
  readonly vcpus: string;
  /** The inputs that make no sense without GPUs. */
  readonly gpuOnly: readonly (keyof T & string)[];
}

/** Rules of kinds that have GPUs, or only CPUs, and that may start from a template. */
export function computeRules<T extends Computed>(kind: Kind<T>): readonly Rule<T>[] {
  const { noun, article, gpuOnly } = kind;
  const rules: readonly ((inputs: Previewed<Computed>) => Problem[])[] = [
    hasImage,
    hasOneProcessor,
    cpuHasNoGpuSettings,
    oneCudaConstraint,
  ];
  return rules as readonly Rule<T>[];

  function hasOneProcessor(inputs: Previewed<Computed>): Problem[] {
    const gpu = inputs["gpuTypeIds"] !== undefined;
    const cpu = inputs["cpuFlavorIds"] !== undefined;
    if (gpu && cpu) {
      const message = `cannot be combined with gpuTypeIds: ${article} ${noun} is either a GPU ${noun} or a CPU ${noun}. Remove one of them`;
      return [problem("cpuFlavorIds", inputs["cpuFlavorIds"], message)];
    }
    return gpu || cpu ? [] : [problem("gpuTypeIds", undefined, `is required. ${kind.gpuTypes}`)];
  }

  function cpuHasNoGpuSettings(inputs: Previewed<Computed>): Problem[] {
    if (inputs["cpuFlavorIds"] === undefined || inputs["gpuTypeIds"] !== undefined) {
      return cpuCountNeedsCpu(inputs);
    }
    const given = inputs as Readonly<Record<string, unknown>>;
    const message = `is not available on a CPU ${noun}. Remove it, or use gpuTypeIds instead of cpuFlavorIds`;
    return gpuOnly
      .filter((field) => given[field] !== undefined)
      .map((field) => problem(field, given[field], message));
  }

  function cpuCountNeedsCpu(inputs: Previewed<Computed>): Problem[] {
    if (inputs["vcpuCount"] === undefined || inputs["cpuFlavorIds"] !== undefined) {
      return [];
    }
    const message = `is only for CPU ${noun}s. Remove it${kind.vcpus}`;
    return [problem("vcpuCount", inputs["vcpuCount"], message)];
  }
}

export function hasImage(inputs: Previewed<Pick<Computed, "imageName" | "templateId">>): Problem[] {
  if (inputs["imageName"] !== undefined || inputs["templateId"] !== undefined) {
    return [];
  }
  return [problem("imageName", undefined, "is required. Set it, or use a template")];
}

function oneCudaConstraint(inputs: Previewed<Computed>): Problem[] {
  if (
    listed(inputs["allowedCudaVersions"]).length === 0 ||
    inputs["minCudaVersion"] === undefined
  ) {
    return [];
  }
  const message = "cannot be combined with allowedCudaVersions. Keep the minimum or the exact list";
  return [problem("minCudaVersion", inputs["minCudaVersion"], message)];
}
