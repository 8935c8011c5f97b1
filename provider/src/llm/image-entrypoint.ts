import vllm from "./data/vllm-images.json";

/** The ENTRYPOINT of an image of the table; undefined where it is not known for certain. */
export function imageEntrypoint(imageName: string): readonly string[] | undefined {
  const [repository, tag] = imageName.replace(/^docker\.io\//, "").split(":");
  if (repository !== vllm.image || tag === undefined) return undefined;
  const plain = tag.replace(/-(cu\d+|x86_64|aarch64)$/, "");
  return vllm.tags.find((row) => row.tag === plain)?.entrypoint ?? undefined;
}
