import { elsewhere } from "../../../../policies/src/input/elsewhere";

const COMPOSE =
  "is a Docker Compose file, which RunPod does not run. Check the body of a pod for each service instead.";
const KUBERNETES =
  "is a Kubernetes manifest, which RunPod does not run. Check the body of a pod for RunPod's API instead.";
const TERRAFORM =
  "is a Terraform file, whose resources have other fields. Check the body of a pod for RunPod's API instead.";
const PULUMI = "is a Pulumi project. Check the output of `pulumi preview --json` instead.";

test.each<[document: unknown, what: string | undefined]>([
  [{ services: { llm: {} } }, COMPOSE],
  [{ services: 5 }, undefined],
  [{ services: [], version: "3" }, undefined],
  [{ version: {}, services: [] }, COMPOSE],
  [{ version: {} }, undefined],
  [{ apiVersion: "v1", kind: "Pod" }, KUBERNETES],
  [{ apiVersion: "v1" }, undefined],
  [{ kind: "Pod" }, undefined],
  [{ terraform_version: "1" }, TERRAFORM],
  [{ format_version: "1" }, TERRAFORM],
  [{ resource: { runpod_pod: {} } }, TERRAFORM],
  [{ resource: "a" }, undefined],
  [{ runtime: "nodejs", main: "." }, PULUMI],
  [{ runtime: "yaml", resources: {} }, PULUMI],
  [{ runtime: "yaml" }, undefined],
  [{ resources: {}, main: "." }, undefined],
  [{}, undefined],
  [[], undefined],
  [null, undefined],
  ["services", undefined],
])("%j", (document, what) => {
  expect(elsewhere(document)).toBe(what);
});
