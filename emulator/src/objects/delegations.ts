import type { CreateDelegationRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import { type ObjectRules, timestamp } from "./rules";

/** The ARN of a repository in Amazon ECR, of all its images or of one tag. */
const ARN = /^arn:aws[\w-]*:ecr:([a-z0-9-]+):(\d{12}):repository\/([^:\s]+)(?::([\w.-]+))?$/;

export const delegations: ObjectRules<"delegations", CreateDelegationRequest> = {
  kind: "delegations",
  noun: "delegation",
  idPrefix: "deleg_",
  idLength: 20,
  createSchema: "CreateDelegationRequest",
  create(_, { resource, name }, now) {
    const [, awsRegion, awsUser, repository, tag = ""] = ARN.exec(resource) ?? [];
    if (!awsRegion || !awsUser || !repository) {
      throw new ApiError(400, `resource "${resource}" is not the ARN of an ECR repository`);
    }
    return { name: name ?? null, awsUser, awsRegion, repository, tag, createdAt: now };
  },
  view: ({ id, name, awsUser, awsRegion, repository, tag, createdAt }) => ({
    id,
    name,
    delegatorUserId: "user_emulator",
    awsUser,
    repository,
    tag,
    awsRegion,
    dockerRegistryUri: `${awsUser}.dkr.ecr.${awsRegion}.amazonaws.com`,
    createdAt: timestamp(createdAt),
  }),
  label: ({ name, repository }) => name ?? repository,
  isListedOnly: true,
};
