import { isRecord } from "../known";

/** What a document is that other tools read, as a clause with what to do; undefined if it is none of these. */
export function elsewhere(value: unknown): string | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const has = (...names: string[]) => names.every((name) => Object.hasOwn(value, name));
  if (isRecord(value["services"]) || (isRecord(value["version"]) && has("services"))) {
    return "is a Docker Compose file, which RunPod does not run. Check the body of a pod for each service.";
  }
  if (has("apiVersion", "kind")) {
    return "is a Kubernetes manifest, which RunPod does not run. Check the body of a pod for RunPod's API.";
  }
  if (has("terraform_version") || has("format_version") || isRecord(value["resource"])) {
    return "is Terraform's, whose resources have other fields. Check the body of a pod for RunPod's API.";
  }
  if (has("runtime") && (has("resources") || has("main"))) {
    return "is a Pulumi project. Check what `pulumi preview --json` prints of it.";
  }
  return undefined;
}
