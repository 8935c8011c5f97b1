import type { Image } from "./images";
import { accessDenied } from "./registry-errors";
import type { PullAccess } from "./types";

/** A repository of Amazon ECR, whose images are always private. */
interface EcrRepository {
  readonly awsUser: string;
  readonly awsRegion: string;
  readonly repository: string;
}

/** The image, with its registry's refusal if it is private and this access is not enough. */
export function pullable(image: Image, access: PullAccess = "anonymous"): Image {
  if (image.pullError !== null || access === "granted" || !isPrivate(image.repository)) {
    return image;
  }
  return { ...image, pullError: refusal(image.repository, access) };
}

/** The repository of Amazon ECR that an image is in; undefined for other images. */
export function ecrRepository(image: string): EcrRepository | undefined {
  const [, awsUser, awsRegion, repository] = ECR.exec(image) ?? [];
  return awsUser && awsRegion && repository ? { awsUser, awsRegion, repository } : undefined;
}

/** An image is private if a part of its host or owner is the word `private`, or if it is in Amazon ECR. */
function isPrivate(repository: string): boolean {
  const places = repository.split("/").slice(0, -1);
  return places.some((place) => MARKED.test(place)) || ecrRepository(repository) !== undefined;
}

function refusal(repository: string, access: PullAccess): string {
  if (access === "anonymous") {
    return accessDenied(repository);
  }
  const [host = ""] = repository.split("/");
  const registry = host.includes(".") ? host : "registry-1.docker.io";
  return `Error response from daemon: Get "https://${registry}/v2/": unauthorized: incorrect username or password`;
}

const MARKED = /(?:^|[._-])private(?:[._-]|$)/;
const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@\s]+)/;
