import { rule } from "../rule";

export const specValid = rule({
  name: "spec-valid",
  description: "Checks whether everything is written as the API that it is meant for takes it.",
  severity: "critical",
  level: "mandatory",
  why: "A misspelt field has no effect, a value of the wrong type is refused, and an unfilled placeholder hides what is deployed: the other rules cannot judge what is not there.",
  source: "RunPod's OpenAPI descriptions of REST v1 and v2; its GraphQL docs",
  remediationSteps: "Write the field as the message says.",
  options: {},
  hasDoubts: true,
  example: "containerDiskInGB: 100 // containerDiskInGb",
  check: ({ faults }) => faults,
});
