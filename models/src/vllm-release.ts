import vllm from "./data/vllm-images.json";

export type VllmRelease = (typeof vllm.tags)[number];

/** The release that a tag of vLLM's image was built from, also of variants such as `v0.16.0-cu130`. */
export function vllmRelease(tag: string | null): VllmRelease | undefined {
  const release = TAG.exec(tag ?? "")?.[1];
  return vllm.tags.find((row) => row.tag === release);
}

const TAG = /^(v\d+(?:\.\w+)*)(?:-(?:cu\d{3}|x86_64|aarch64|ubuntu\d{4}|zstd|efa))*$/;
