import { parseImage, vllmRelease } from "./image-name";
import type { ServerKind } from "./server-words";

/** How a known image starts by default, and which variables it sets. */
export interface KnownImage {
  /** null for an image without a model server. */
  readonly server: ServerKind | null;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** Variables of the image that decide where its server stores weights and where it listens. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether its ENTRYPOINT is the server, so that the command becomes the server's arguments. */
  readonly isServing: boolean;
}

/** A known image of a model server, also from a mirror such as `registry.example.com/hub/vllm/vllm-openai`; null for others. */
export function serverImage(imageName: string): (KnownImage & { server: ServerKind }) | null {
  const image = knownImage(imageName);
  return image !== null && image.server !== null ? { ...image, server: image.server } : null;
}

/** A known image, either a server's or a plain one without weights; null for others. */
export function knownImage(imageName: string): KnownImage | null {
  const { repository, tag } = parseImage(imageName);
  const name = Object.keys(IMAGES).find(
    (known) => repository === known || repository.endsWith(`/${known}`),
  );
  const image = name === undefined ? undefined : IMAGES[name];
  return (typeof image === "function" ? image(tag) : image) ?? null;
}

/** Whether an image's name suggests a model server. */
export function soundsLikeServer(imageName: string): boolean {
  return SERVER_NAME.test(parseImage(imageName).repository);
}

/** The server release in a vLLM or SGLang image, for example `"0.20.0"`; null if the tag does not name it. */
export function serverRelease(imageName: string): string | null {
  const { tag } = parseImage(imageName);
  const server = knownImage(imageName)?.server;
  if (server !== "vllm" && server !== "sglang") {
    return null;
  }
  return /^v(\d+\.\d+\.\d+(?:\.post\d+)?)(?:-|$)/.exec(tag ?? "")?.[1] ?? null;
}

/** The build number of a llama.cpp image; infinity for a tag that follows the newest build, null for other images. */
export function llamaBuild(imageName: string): number | null {
  if (knownImage(imageName)?.server !== "llama.cpp") {
    return null;
  }
  const build = /-b(\d{1,6})$/.exec(parseImage(imageName).tag ?? "")?.[1];
  return build === undefined ? Number.POSITIVE_INFINITY : Number(build);
}

const SERVER_NAME =
  /vllm|sglang|text-generation|llama[._-]?cpp|llamafile|ollama|lmdeploy|aphrodite|trt-?llm|tensorrt-?llm|infinity|text-embeddings|koboldcpp|exllama|tabby|mlc-?llm|lorax|(?:^|\/)nim(?:\/|$)/i;

type Image = KnownImage | ((tag: string | null) => KnownImage | null);

const serving = (
  server: ServerKind,
  entrypoint: string,
  more: Partial<Pick<KnownImage, "cmd" | "env">> = {},
): KnownImage => ({
  server,
  entrypoint: entrypoint.split(" "),
  cmd: [],
  env: {},
  isServing: true,
  ...more,
});

/** An image that runs its command unchanged. */
const plain = (
  server: ServerKind | null,
  env: Readonly<Record<string, string>> = {},
): KnownImage => ({
  server,
  entrypoint: [],
  cmd: [],
  env,
  isServing: false,
});

const TGI_ENV = { HF_HOME: "/data", PORT: "80" };
const WORKER_CACHE = "/runpod-volume/huggingface-cache/hub";
const WORKER_ENV = { HF_HOME: WORKER_CACHE, HUGGINGFACE_HUB_CACHE: WORKER_CACHE };
/** Its program ignores arguments. */
const WORKER = {
  ...serving("worker-vllm", "python3 /src/main.py", { env: WORKER_ENV }),
  isServing: false,
};

/** Images as their Dockerfiles describe them. */
const IMAGES: Readonly<Record<string, Image>> = {
  // The ENTRYPOINT of all releases since v0.11.1. Releases in the table have their own.
  "vllm/vllm-openai": (tag) => {
    const image = serving("vllm", "vllm serve");
    const release = vllmRelease(tag);
    return release ? { ...image, entrypoint: release.entrypoint } : image;
  },
  "vllm/vllm-openai-rocm": serving("vllm", "vllm serve"),
  "rocm/vllm": plain("vllm"),
  "rocm/vllm-dev": plain("vllm"),
  "nvidia/vllm": plain("vllm"),
  "lmsysorg/sglang": plain("sglang"),
  "huggingface/text-generation-inference": serving("tgi", "/tgi-entrypoint.sh", { env: TGI_ENV }),
  "huggingface/text-embeddings-inference": serving("tei", "text-embeddings-router", {
    cmd: ["--json-output"],
    env: { HUGGINGFACE_HUB_CACHE: "/data", PORT: "80" },
  }),
  "ggml-org/llama.cpp": llamaCpp,
  "ggerganov/llama.cpp": llamaCpp,
  "ollama/ollama": serving("ollama", "/bin/ollama", {
    cmd: ["serve"],
    env: { OLLAMA_HOST: "0.0.0.0:11434" },
  }),
  "michaelf34/infinity": serving("infinity", "infinity_emb", {
    env: { HF_HOME: "/app/.cache/huggingface" },
  }),
  "openmmlab/lmdeploy": plain("lmdeploy"),
  "nvidia/tensorrt-llm/release": plain("trtllm"),
  "runpod/worker-v1-vllm": WORKER,
  "runpod/worker-vllm": WORKER,
  "runpod/base": runpodBase,
  "runpod/pytorch": runpodBase,
  "pytorch/pytorch": plain(null),
  "nvidia/pytorch": plain(null),
  "nvidia/cuda": plain(null),
  ubuntu: plain(null),
  debian: plain(null),
  python: plain(null),
};

/** `full` images start a script that selects a program; `light` images start the client. */
function llamaCpp(tag: string | null): KnownImage {
  const image = serving("llama.cpp", "/app/llama-server", { env: { LLAMA_ARG_HOST: "0.0.0.0" } });
  if (/^full/.test(tag ?? "")) {
    return { ...image, entrypoint: ["/app/tools.sh"] };
  }
  if (/^light/.test(tag ?? "")) {
    return { ...image, entrypoint: ["/app/llama-cli"] };
  }
  return image;
}

/** Releases from 1.0 on set the cache (runpod/containers, official-templates/base/Dockerfile). */
function runpodBase(tag: string | null): KnownImage | null {
  const isRead = /^1\.\d+\.\d+-(?!py)/.test(tag ?? "");
  const image = plain(null, { HF_HOME: "/workspace/.cache/huggingface" });
  return isRead ? { ...image, cmd: ["/start.sh"] } : null;
}
