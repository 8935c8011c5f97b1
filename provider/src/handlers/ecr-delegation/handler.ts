import type { CreateDelegationRequest, Fixed, NamedDelegation } from "../../api";
import {
  type EcrDelegationInputs,
  type EcrDelegationProperties,
  ecrDelegationFields,
  type Stored,
  toWire,
} from "../../schema";
import { namedHandler } from "../lifecycle/named-handler";

/** Delegations: RunPod's right to pull from a repository of Amazon ECR. */
export const ecrDelegationHandler = namedHandler<
  EcrDelegationInputs,
  NamedDelegation,
  CreateDelegationRequest,
  Fixed
>({
  kind: "EcrDelegation",
  fields: ecrDelegationFields,
  objects: ({ delegations, api }) => ({ snapshot: delegations, api: api.delegations }),

  body: (inputs, fields) => ({
    ...toWire(ecrDelegationFields, inputs, fields),
    ...(fields.includes("name") && { name: inputs["name"] ?? null }),
  }),
  observed: ({ name }) => ({ name: name || undefined }),
  outputs({ awsUser, awsRegion, repository, dockerRegistryUri }, old) {
    const before = old as Stored<EcrDelegationProperties>;
    return {
      awsUser: awsUser ?? before["awsUser"],
      awsRegion: awsRegion ?? before["awsRegion"],
      repository: repository ?? before["repository"],
      dockerRegistryUri: dockerRegistryUri ?? before["dockerRegistryUri"] ?? null,
    };
  },
  fits: (found, { resourceArn }) => opens(found, resourceArn),
  changesFound: (found, { resourceArn }, changes) =>
    opens(found, resourceArn) ? changes : [...changes, { field: "resourceArn", change: "replace" }],
});

/** Whether a delegation is the one that a request with the ARN creates: RunPod shows only its parts. */
function opens({ awsUser, awsRegion, repository }: NamedDelegation, arn: string): boolean {
  const [region, account, ...path] = arn.split(":").slice(3);
  const named = path.join(":").replace(/^repository\//, "");
  return (
    region === awsRegion &&
    account === awsUser &&
    (named === repository || named.startsWith(`${repository}:`))
  );
}
