import { rule } from "../rule";

export const specValid = rule({
  name: "spec-valid",
  description: "Checks whether every field is one that the API accepts.",
  severity: "critical",
  level: "mandatory",
  why: "A misspelled field has no effect, a value of the wrong type is rejected, and an unfilled placeholder hides what is deployed. Other rules cannot check a value that is not there.",
  source: "RunPod's OpenAPI descriptions of REST v1 and v2; its GraphQL docs",
  remediationSteps: "Write the field as the message says.",
  options: {},
  hasDoubts: true,
  example: "containerDiskInGB: 100 // containerDiskInGb",
  check: ({ faults }) => faults,
});
