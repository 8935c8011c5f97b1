/** An image's reference taken apart; the repository is without `docker.io/` and `library/`. */
interface ImageReference {
  repository: string;
  tag: string;
}

/** Takes a reference apart as Docker does, or returns Docker's error if no image can have it. */
export function parseReference(reference: string): ImageReference | { error: string } {
  const [name = "", ...digests] = reference.split("@");
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  const path = hasTag ? name.slice(0, colon) : name;
  const tag = hasTag ? name.slice(colon + 1) : "latest";
  const [host = "", ...rest] = path.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(host) || host === "localhost");
  const remote = hasHost ? rest.join("/") : path;
  if (remote !== remote.toLowerCase()) {
    const shown = remote.includes("/") || hasHost ? remote : `library/${remote}`;
    return { error: `invalid reference format: repository name (${shown}) must be lowercase` };
  }
  const isValid =
    (!hasHost || HOST.test(host)) &&
    PATH.test(remote) &&
    TAG.test(tag) &&
    digests.length < 2 &&
    digests.every((digest) => DIGEST.test(digest));
  if (!isValid) {
    return { error: "invalid reference format" };
  }
  const repository = path.replace(/^(?:(?:index|registry-1)\.)?docker\.io\//, "");
  return { repository: repository.replace(/^library\//, ""), tag };
}

const HOST =
  /^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::\d+)?$/;
const PATH =
  /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
