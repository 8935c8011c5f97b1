import { foreign, safe } from "@runpod-stack/kit";
import { isUnder, type ModelSize } from "@runpod-stack/models";
import { isKnown, type Known } from "../known";
import {
  asAdvice,
  doubt,
  type Finding,
  ofContainers,
  refusalIf,
  rule,
  type StackFinding,
} from "../rule";
import { downloadedWith, type Mount, type Serving, type StoredFiles, servingOf } from "../serving";
import { isDeployment } from "../spec";
import { networkVolumesOf } from "../stack";
import { basisOf, cachePlace, enough, enumerate, gb, modelName } from "../words";

export const cacheVolumeSize = rule({
  name: "cache-volume-size",
  description: "Checks whether the volume with the cache has room for the weights.",
  severity: "high",
  level: "mandatory",
  why: 'On a full volume, the download fails with "No space left on device" at every start. Volumes can grow in place.',
  source: "RunPod docs, pods/storage/types; weights measured per model in the size table",
  remediationSteps: "Raise volumeInGb, or the network volume's size, to the number in the message.",
  options: {},
  hasDoubts: true,
  example:
    'dockerStartCmd: ["Qwen/Qwen3.8-27B"], volumeInGb: 40, volumeMountPath: "/root/.cache/huggingface"',
  check: ofContainers((spec, _options, knowledge) => {
    const serving = servingOf(spec, knowledge);
    if (!isKnown(serving)) {
      return [];
    }
    const findings = volumeFindings(serving, "volumeInGb", persistentSize(serving.mount));
    return spec.kind === "Template" ? asAdvice(findings) : findings;
  }),
  checkStack(items, _options, knowledge) {
    return items.flatMap((item): StackFinding[] => {
      const serving = isDeployment(item.spec) ? servingOf(item.spec, knowledge) : undefined;
      if (!isKnown(serving)) {
        return [];
      }
      return networkVolumesOf(item, items).flatMap((volume) =>
        volumeFindings(serving, "size", volume.spec.size).map((finding) => ({
          ...finding,
          item: volume.item,
        })),
      );
    });
  },
});

function persistentSize(mount: Known<Mount>): Known<number> {
  return isKnown(mount) && mount.kind === "persistent" ? mount.sizeGb : undefined;
}

function volumeFindings(serving: Serving, field: string, sizeGb: Known<number>): Finding[] {
  const { size, model, cache } = serving;
  if (!isKnown(sizeGb)) {
    return [];
  }
  const others = otherFiles(serving);
  if (others.length > 0) {
    return allFindings(serving, others, field, sizeGb);
  }
  if (serving.cacheIsMounted !== true || !isKnown(model) || size === undefined) {
    return [];
  }
  if (size.cacheGb === null || size.weightsGb === null) {
    return [unknownSize(serving, field, sizeGb)];
  }
  const needed = enough(size.cacheGb);
  if (sizeGb >= needed) {
    return [];
  }
  const isSure = isTooSmallForSure(sizeGb, size) && !(isKnown(cache) && cache.doubt);
  return [
    refusalIf(
      isSure,
      field,
      safe`${field} ${sizeGb} must be ${needed} or more: ${modelName(serving)} is downloaded to ${cachePlace(serving)} on this volume, which needs room for ${gb(size.weightsGb)} of weights (${basisOf(size)}) and working files.`,
      safe`Set ${field} to ${needed}; it can grow in place.`,
    ),
  ];
}

/** What is downloaded to the volume in addition to the model that is served. */
function otherFiles({ files, mount, model }: Serving): StoredFiles[] {
  if (!isKnown(mount)) {
    return [];
  }
  const stored = files.filter(({ where }) => where !== null && isUnder(where, mount.path));
  return stored.some(({ name }) => name !== model) ? stored : [];
}

/** Checks the sum of the known sizes of several models on one volume. */
function allFindings(
  serving: Serving,
  files: readonly StoredFiles[],
  field: string,
  sizeGb: number,
): Finding[] {
  const known = files.filter(({ size, isPart }) => size.weightsGb !== null && !isPart);
  const [first, ...others] = known.map(({ size }) => size);
  if (first === undefined) {
    return [];
  }
  const all = downloadedWith(first, others);
  const needed = enough(all.cacheGb ?? 0);
  if (sizeGb >= needed) {
    return [];
  }
  const { cache } = serving;
  const isSure =
    isTooSmallForSure(sizeGb, all) &&
    known.every(({ doubt: unsure }) => unsure === undefined) &&
    !(isKnown(cache) && cache.doubt);
  const names = enumerate(
    known.map(({ name, size }) => foreign(`${name} (${gb(size.weightsGb ?? 0)})`)),
  );
  return [
    refusalIf(
      isSure,
      field,
      safe`${field} ${sizeGb} must be ${needed} or more: the command downloads ${names} to this volume, ${gb(all.weightsGb ?? 0)} in total.`,
      safe`Set ${field} to ${needed}; it can grow in place. Or download fewer models.`,
    ),
  ];
}

function unknownSize(serving: Serving, field: string, sizeGb: number): Finding {
  return doubt(
    field,
    safe`${field} ${sizeGb} cannot be checked: the size of ${modelName(serving)} is unknown (${serving.size?.reason}).`,
    safe`Set the size of the weights in the policy configuration: {"container-disk-size": {"models": {"<model>": {"weightsGb": <GB>}}}}.`,
  );
}

/** Whether the weights alone do not fit, even with their margin. */
function isTooSmallForSure(sizeGb: number, { weightsGb, margin }: ModelSize): boolean {
  return sizeGb < (weightsGb ?? 0) * (1 - margin);
}
