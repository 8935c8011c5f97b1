import { image } from "./data/vllm-images.json";
import { parseImage } from "./image-reference";
import { vllmRelease } from "./vllm-release";

/** The ENTRYPOINT of an image of the table; undefined where it is not known for certain. */
export function imageEntrypoint(imageName: string): readonly string[] | undefined {
  const { repository, tag } = parseImage(imageName);
  return repository === image ? vllmRelease(tag)?.entrypoint : undefined;
}
