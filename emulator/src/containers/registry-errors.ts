/* Refusals of registries, as the Docker daemon words them. */

export function manifestUnknown(reference: string): string {
  return `Error response from daemon: manifest for ${reference} not found: manifest unknown: manifest unknown`;
}

export function accessDenied(repository: string): string {
  const [host = ""] = repository.split("/");
  if (host.includes(".")) {
    const scope = encodeURIComponent(`repository:${repository.slice(host.length + 1)}:pull`);
    return `Error response from daemon: failed to resolve reference: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://${host}/token?scope=${scope}&service=${host}: 403 Forbidden`;
  }
  return `Error response from daemon: pull access denied for ${repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`;
}
