import { isRecord } from "../known";

/** What a document for another tool is, as a clause with a remedy; undefined if it is not one. */
export function elsewhere(value: unknown): string | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const has = (...names: string[]) => names.every((name) => Object.hasOwn(value, name));
  if (isRecord(value["services"]) || (isRecord(value["version"]) && has("services"))) {
    return "is a Docker Compose file, which RunPod does not run. Check the body of a pod for each service instead.";
  }
  if (has("apiVersion", "kind")) {
    return "is a Kubernetes manifest, which RunPod does not run. Check the body of a pod for RunPod's API instead.";
  }
  if (has("terraform_version") || has("format_version") || isRecord(value["resource"])) {
    return "is a Terraform file, whose resources have other fields. Check the body of a pod for RunPod's API instead.";
  }
  if (has("runtime") && (has("resources") || has("main"))) {
    return "is a Pulumi project. Check the output of `pulumi preview --json` instead.";
  }
  return undefined;
}
