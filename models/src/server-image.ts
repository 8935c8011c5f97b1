import { parseImage, vllmRelease } from "./image-name";

export type ServerKind = "vllm" | "sglang" | "tgi" | "llama.cpp" | "ollama" | "worker-vllm";

/** How a server's image starts by itself. */
export interface ServerImage {
  readonly server: ServerKind;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** Variables set in the image that decide where its server looks and listens. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The model server that an image holds, by its repository; also behind a mirror, as in
 * `registry.example.com/hub/vllm/vllm-openai`. null for any other image.
 */
export function serverImage(imageName: string): ServerImage | null {
  const { repository, tag } = parseImage(imageName);
  const name = Object.keys(IMAGES).find(
    (known) => repository === known || repository.endsWith(`/${known}`),
  );
  const image = name === undefined ? undefined : IMAGES[name];
  if (!image) return null;
  const release = image.server === "vllm" ? vllmRelease(tag) : undefined;
  return release ? { ...image, entrypoint: release.entrypoint } : image;
}

const IMAGES: Readonly<Record<string, ServerImage>> = {
  // As all releases since v0.11.1; those of the table have their own.
  "vllm/vllm-openai": { server: "vllm", entrypoint: ["vllm", "serve"], cmd: [], env: {} },
  "lmsysorg/sglang": { server: "sglang", entrypoint: [], cmd: [], env: {} },
  "huggingface/text-generation-inference": {
    server: "tgi",
    entrypoint: ["/tgi-entrypoint.sh"],
    cmd: [],
    env: { HF_HOME: "/data", PORT: "80" },
  },
  "ggml-org/llama.cpp": llamaCpp(),
  "ggerganov/llama.cpp": llamaCpp(),
  "ollama/ollama": {
    server: "ollama",
    entrypoint: ["/bin/ollama"],
    cmd: ["serve"],
    env: { OLLAMA_HOST: "0.0.0.0:11434" },
  },
  "runpod/worker-v1-vllm": worker(),
  "runpod/worker-vllm": worker(),
};

function llamaCpp(): ServerImage {
  return { server: "llama.cpp", entrypoint: ["/app/llama-server"], cmd: [], env: {} };
}

function worker(): ServerImage {
  const cache = "/runpod-volume/huggingface-cache/hub";
  return {
    server: "worker-vllm",
    entrypoint: ["python3", "/src/main.py"],
    cmd: [],
    env: { HF_HOME: cache, HUGGINGFACE_HUB_CACHE: cache },
  };
}
