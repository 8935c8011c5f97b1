/** An image's name taken apart: `docker.io/vllm/vllm-openai:v0.16.0@sha256:…`. */
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
