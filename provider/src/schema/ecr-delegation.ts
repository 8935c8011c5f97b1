import type { CreateDelegationRequest, EcrDelegation } from "@runpod-stack/openapi";
import type { FieldTable } from "./field";
import { flag, text } from "./values";

/** Inputs of a delegation: RunPod's right to pull from a repository of Amazon ECR. Every change replaces it. */
export interface EcrDelegationInputs {
  /** The delegation's name. @default the resource's name and a unique suffix */
  name?: string;
  /** Creates the delegation even if another with the same name exists outside this stack. @default false */
  allowDuplicateName?: boolean;
  /** The repository's ARN, such as "arn:aws:ecr:us-east-1:123456789012:repository/worker". RunPod reports its parts. */
  resourceArn: string;
}

/** Outputs of a delegation, as RunPod reads them from the ARN. */
export interface EcrDelegationOutputs {
  /** The AWS account of the repository. */
  awsUser: string;
  /** The AWS region of the repository. */
  awsRegion: string;
  /** The repository's name. */
  repository: string;
  /** The host of the repository's images; null if RunPod does not report it. */
  dockerRegistryUri: string | null;
}

/** All stored properties of a delegation. */
export interface EcrDelegationProperties
  extends EcrDelegationInputs,
    Partial<EcrDelegationOutputs> {}

/** RunPod's request and response bodies for delegations. */
interface EcrDelegationWire {
  readonly request: CreateDelegationRequest;
  readonly answer: EcrDelegation;
}

const arn = text.regex(
  /^arn:aws[\w-]*:ecr:[a-z0-9-]+:\d{12}:repository\/\S+$/,
  "must be the ARN of an ECR repository. Use the form arn:aws:ecr:<region>:<account>:repository/<name>",
);

export const ecrDelegationFields: FieldTable<EcrDelegationInputs, EcrDelegationWire> = {
  name: { value: text, change: "replace", removal: "change", observed: true },
  allowDuplicateName: { value: flag, unset: false, change: "local", removal: "change" },
  resourceArn: {
    value: arn,
    required: true,
    change: "replace",
    removal: "change",
    wire: "resource",
  },
};
