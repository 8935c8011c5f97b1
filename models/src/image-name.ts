import vllm from "./data/vllm-images.json";

/** The parts of an image name such as `docker.io/vllm/vllm-openai:v0.16.0@sha256:…`. */
export interface ImageReference {
  /** Without Docker Hub's host. */
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

export function parseImage(imageName: string): ImageReference {
  const [name = "", digest = null] = imageName.trim().split("@", 2);
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  const path = hasTag ? name.slice(0, colon) : name;
  return {
    repository: path.replace(/^(?:(?:index|registry-1)\.)?docker\.io\//, ""),
    tag: hasTag ? name.slice(colon + 1) : null,
    digest,
  };
}

export type VllmRelease = (typeof vllm.tags)[number];

/** The release that a vLLM image tag was built from, including variants such as `v0.16.0-cu130`. */
export function vllmRelease(tag: string | null): VllmRelease | undefined {
  const release = TAG.exec(tag ?? "")?.[1];
  return vllm.tags.find((row) => row.tag === release);
}

const TAG = /^(v\d+(?:\.\w+)*)(?:-(?:cu\d{3}|x86_64|aarch64|ubuntu\d{4}|zstd|efa))*$/;
