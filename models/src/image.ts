import servers from "./data/servers.json";
import vllm from "./data/vllm-images.json";
import { parseImage, vllmRelease } from "./image-name";
import { serverImage } from "./server-image";
import type { ServerKind } from "./server-words";

/** Facts about an image, known by its name; null if not known. */
export interface ImageFacts {
  readonly server: ServerKind | null;
  /** null without a tag. */
  readonly tag: string | null;
  /** The lowest CUDA version that the host's driver must support, for example `"12.8"`. */
  readonly minHostCuda: string | null;
  /** The CUDA version in the image, for example `"13.0"`. */
  readonly cuda: string | null;
  /** Whether the image's CUDA compat libraries override a newer host driver. */
  readonly compatConflict: boolean | null;
  readonly compressedGb: number | null;
  /** Whether it is built for B200. */
  readonly sm100: boolean | null;
  /** Whether it is built for RTX 50xx and RTX PRO Blackwell. */
  readonly sm120: boolean | null;
  /** Whether it is named by a digest, or by a tag other than a moving one such as `latest`. */
  readonly pinned: boolean;
}

/**
 * Looks up facts about an image. For a tag that is not in the table, including `latest`, uses only
 * the tag itself and never assumes the newest release. Never throws.
 *
 * @example
 * imageFacts("vllm/vllm-openai:v0.16.0-cu130") // { cuda: "13.0", compatConflict: true, … }
 */
export function imageFacts(imageName: string): ImageFacts {
  const { tag, digest } = parseImage(imageName);
  const server = serverImage(imageName)?.server ?? null;
  const row = server === "vllm" ? vllmRelease(tag) : undefined;
  const inTag = cudaInTag(imageName);
  return {
    server,
    tag,
    minHostCuda: inTag ?? row?.minHostCuda ?? floorOfRelease(server, tag),
    cuda: inTag ?? row?.cuda ?? null,
    compatConflict: row?.compatConflict ?? null,
    compressedGb: row?.imageSizeGbCompressed ?? null,
    sm100: row?.sm100 ?? null,
    sm120: row?.sm120 ?? null,
    pinned: digest !== null || (tag !== null && isFixed(tag)),
  };
}

/** The ENTRYPOINT of an image in the table; undefined if not known for certain. */
export function imageEntrypoint(imageName: string): readonly string[] | undefined {
  const { repository, tag } = parseImage(imageName);
  return repository === vllm.image ? vllmRelease(tag)?.entrypoint : undefined;
}

const MOVING_WORDS =
  /^(?:latest|main|master|nightly|dev|edge|stable|canary|head|trunk|weekly|daily|snapshot)$/i;
/** Words that name a build variant. A tag of only these, such as `server-cuda13`, moves. */
const FLAVOURS =
  /^(?:server|full|light|runtime|base|devel|slim|cuda[\d.]{0,9}|cu\d{1,4}|rocm[\d.]{0,9}|vulkan|musa|intel|cpu|amd64|arm64|x86|64|aarch64)$/i;

/** The CUDA version in a tag: `-cu129`, `-cu1281-`, `cuda12.4`, and the tags of nvidia/cuda itself. */
function cudaInTag(imageName: string): string | null {
  const { repository, tag } = parseImage(imageName);
  if (tag === null) {
    return null;
  }
  const match =
    (/(?:^|\/)nvidia\/cuda$/.test(repository) && /^(\d+)\.(\d)/.exec(tag)) ||
    /(?:^|[-_])cu(\d{2})(\d)\d?(?![\d.])/.exec(tag) ||
    /(?:^|[-_])cuda-?(\d{2})\.(\d)/.exec(tag);
  return match ? `${match[1]}.${match[2]}` : null;
}

/** The lowest host CUDA version of other servers' releases, if the table has it. */
function floorOfRelease(server: ServerKind | null, tag: string | null): string | null {
  const releases: readonly Releases[] =
    servers.servers.find((row) => row.kind === server)?.cudaByRelease ?? [];
  const version = /^v?\.?(\d+\.\d+\.\d+)$/.exec(tag ?? "")?.[1];
  const known = releases.find(
    ({ from, to }) => from === tag || (version !== undefined && isBetween(version, from, to)),
  );
  return known?.minHostCuda ?? null;
}

/** A range of versions, or one tag. */
interface Releases {
  readonly from: string;
  readonly to: string;
  readonly minHostCuda: string;
}

function isBetween(release: string, from: string, to: string): boolean {
  const collator = new Intl.Collator("en", { numeric: true });
  return collator.compare(release, from) >= 0 && collator.compare(release, to) <= 0;
}

function isFixed(tag: string): boolean {
  // `nightly-<commit>` names one build.
  if (/-(?=\d*[a-f])[0-9a-f]{7,40}$/.test(tag)) {
    return true;
  }
  const words = tag.split(/[-_]/);
  return !words.some((word) => MOVING_WORDS.test(word)) && !words.every((w) => FLAVOURS.test(w));
}
