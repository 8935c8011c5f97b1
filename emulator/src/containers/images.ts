import servers from "@runpod-stack/models/data/servers.json";
import vllmImages from "@runpod-stack/models/data/vllm-images.json";
import { remembered } from "../core/remembered";
import { parseReference } from "./image-reference";
import { soundsAbsent } from "./publishers";
import { accessDenied, manifestUnknown } from "./registry-errors";
import { isMistyped } from "./repository-names";

/** Which server an image behaves like; `generic` runs plain commands. */
export type ImageFamily = "vllm" | "sglang" | "tgi" | "llama.cpp" | "ollama" | "generic";

/** What decides whether a vLLM build works on a machine. */
export interface VllmBuild {
  /** As `"0.16.0"`. */
  version: string;
  /** Whether the image's compat libraries take precedence over the host's driver. */
  compatConflict: boolean;
  /** Whether `VLLM_ENABLE_CUDA_COMPATIBILITY=1` adds the compat libraries. */
  compatOptIn: boolean;
  sm100: boolean;
  sm120: boolean;
  /** As `"7.5"`. */
  minComputeCapability: string;
}

export interface Image {
  reference: string;
  repository: string;
  family: ImageFamily;
  entrypoint: readonly string[];
  cmd: readonly string[];
  env: Readonly<Record<string, string>>;
  compressedGb: number;
  /** The `cuda>=` that the image requires of the driver; null if it requires none. */
  minHostCuda: string | null;
  /** Built for amd64; RunPod's machines run nothing else. */
  amd64: boolean;
  /** The release of SGLang that the tag names, as `"0.5.10"`; null for other tags and images. */
  release: string | null;
  /** Null if the image does not contain vLLM. */
  vllm: VllmBuild | null;
  /** Whether the image's contents are known. An image that is not contains every program that is called. */
  known: boolean;
  /** The registry's refusal as the Docker daemon words it, or null if the image exists. */
  pullError: string | null;
}

/** Containers of one image share its description. */
const MAX_REMEMBERED = 1000;

/**
 * Looks up an image as the registries would. Repositories that are not known are assumed to exist, so
 * that stacks with custom images can be tried, unless the name says that they do not, or misses a
 * known one by one letter.
 */
export const findImage = remembered(MAX_REMEMBERED, lookUp);

/** RunPod's vLLM worker, by its present and its former name. */
export const VLLM_WORKERS = ["runpod/worker-v1-vllm", "runpod/worker-vllm"];

type Profile = Partial<Omit<Image, "reference" | "repository">>;

const BASH: Profile = { cmd: ["/bin/bash"] };

/** The known repositories, by name without `docker.io/` and `library/`. */
const PROFILES: Readonly<Record<string, Profile>> = {
  "vllm/vllm-openai": {
    family: "vllm",
    compressedGb: 12,
    // Set in the base image, so that an assignment in a shell needs no `export` to reach the server.
    env: { LD_LIBRARY_PATH: "/usr/local/cuda/lib64" },
  },
  "lmsysorg/sglang": {
    family: "sglang",
    ...BASH,
    compressedGb: 14,
    ...fromTable("lmsysorg/sglang"),
  },
  "ghcr.io/huggingface/text-generation-inference": {
    family: "tgi",
    compressedGb: 6,
    env: { HF_HOME: "/data", PORT: "80" },
    ...fromTable("ghcr.io/huggingface/text-generation-inference"),
  },
  "ghcr.io/ggml-org/llama.cpp": {
    family: "llama.cpp",
    compressedGb: 2.5,
    env: { LLAMA_ARG_HOST: "0.0.0.0" },
    ...fromTable("ghcr.io/ggml-org/llama.cpp:server-cuda"),
  },
  "ollama/ollama": {
    family: "ollama",
    cmd: ["serve"],
    compressedGb: 1.8,
    env: { OLLAMA_HOST: "0.0.0.0:11434" },
    ...fromTable("ollama/ollama"),
  },
  ...Object.fromEntries(VLLM_WORKERS.map((repository) => [repository, vllmWorker()])),
  "runpod/pytorch": { cmd: ["/start.sh"], compressedGb: 9 },
  "nvidia/cuda": { ...BASH, compressedGb: 2 },
  nginx: { cmd: ["nginx", "-g", "daemon off;"], compressedGb: 0.07 },
  httpd: { cmd: ["httpd-foreground"], compressedGb: 0.06 },
  python: { cmd: ["python3"], compressedGb: 0.4 },
  node: { cmd: ["node"], compressedGb: 0.4 },
  ubuntu: { ...BASH, compressedGb: 0.03 },
  debian: { ...BASH, compressedGb: 0.05 },
  alpine: { cmd: ["/bin/sh"], compressedGb: 0.004 },
  busybox: { cmd: ["sh"], compressedGb: 0.002 },
};

function lookUp(reference: string): Image {
  const parsed = parseReference(reference);
  const isWrong = "error" in parsed;
  const { repository, tag } = isWrong ? { repository: reference, tag: "latest" } : parsed;
  const profile = Object.hasOwn(PROFILES, repository) ? PROFILES[repository] : undefined;
  const image: Image = {
    reference,
    repository,
    family: "generic",
    entrypoint: [],
    cmd: [],
    env: {},
    compressedGb: 4,
    minHostCuda: null,
    amd64: !/(aarch64|arm64)/.test(tag),
    vllm: profile === undefined ? (vllmProfile("latest")?.vllm ?? null) : null,
    release: profile?.family === "sglang" ? releaseOfTag(tag) : null,
    known: profile !== undefined,
    pullError: null,
    ...profile,
  };
  if (isWrong) {
    return { ...image, pullError: `Error response from daemon: ${parsed.error}` };
  }
  if (
    profile === undefined &&
    (isMistyped(repository, Object.keys(PROFILES)) || soundsAbsent(repository))
  ) {
    return { ...image, pullError: accessDenied(repository) };
  }
  if (repository === "vllm/vllm-openai") {
    const build = vllmProfile(tag);
    return build ? { ...image, ...build } : { ...image, pullError: manifestUnknown(reference) };
  }
  if (soundsAbsent(tag)) {
    return { ...image, pullError: manifestUnknown(reference) };
  }
  return { ...image, minHostCuda: cudaOfTag(repository, tag) ?? image.minHostCuda };
}

/** The table's row for a tag or for one of its variants (`v0.16.0-cu130`, `v0.16.0-x86_64`). */
function vllmProfile(tag: string): Profile | null {
  const wanted = tag === "latest" || tag.includes("nightly") ? vllmImages.newestTag : tag;
  for (const row of vllmImages.tags) {
    const variants = (row.variantTags ?? []) as string[];
    const variant = variants.find((text) => text.split(" ")[0] === wanted);
    if (row.tag !== wanted && variant === undefined) {
      continue;
    }
    return {
      entrypoint: row.entrypoint,
      ...(row.imageSizeGbCompressed === null ? {} : { compressedGb: row.imageSizeGbCompressed }),
      minHostCuda: variant?.match(/CUDA (\d+\.\d+)/)?.[1] ?? row.minHostCuda,
      vllm: {
        version: row.tag.replace(/^v/, ""),
        compatConflict: row.compatConflict,
        compatOptIn: row.compatSwitch !== null,
        sm100: row.sm100,
        sm120: row.sm120,
        minComputeCapability: row.minComputeCapability,
      },
    };
  }
  return null;
}

/** Every release behaves like 2.25.2. */
function vllmWorker(): Profile {
  return {
    compressedGb: 11,
    env: { HF_HOME: "/runpod-volume/huggingface-cache/hub" },
    vllm: vllmProfile("v0.27.1")?.vllm ?? null,
    ...fromTable("runpod/worker-v1-vllm"),
  };
}

function fromTable(image: string): Profile {
  const row = servers.servers.find((server) => server.image === image);
  const minHostCuda = row?.minHostCuda?.match(/^\d+\.\d+/)?.[0] ?? null;
  return { entrypoint: row?.entrypoint ?? [], minHostCuda };
}

function releaseOfTag(tag: string): string | null {
  return /^v(\d+\.\d+\.\d+(?:\.post\d+)?)(?:-|$)/.exec(tag)?.[1] ?? null;
}

/** Images with CUDA name its version in their tags: `cu1281`, `cuda12.4`, `nvidia/cuda:12.8.1-base`. */
function cudaOfTag(repository: string, tag: string): string | null {
  const pattern = repository === "nvidia/cuda" ? /^(\d+)\.(\d)/ : /cu(?:da)?-?(\d{2})\.?(\d)/;
  const match = tag.match(pattern);
  return match ? `${match[1]}.${match[2]}` : null;
}
