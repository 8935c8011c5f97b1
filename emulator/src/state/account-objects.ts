import type { AttributableResource, Cluster as ClusterView } from "@runpod-stack/openapi";
import type { Entry } from "../money/ledger";

/** What an account's smaller objects have in common. Times are virtual milliseconds. */
export interface AccountObject {
  readonly id: string;
  readonly seq: number;
  readonly entry: Entry;
}

export interface Secret extends AccountObject {
  readonly name: string;
  /** Never part of an answer. */
  value: string;
  description: string | null;
  readonly createdAt: number;
  valueLastUpdatedAt: number;
}

/** A container registry's credentials; the emulator does not keep the password. */
export interface Registry extends AccountObject {
  readonly name: string;
  username: string;
  /** Whether registries accept them. */
  accepted: boolean;
}

/** The right to pull from a repository of Amazon ECR. */
export interface Delegation extends AccountObject {
  readonly name: string | null;
  readonly awsUser: string;
  readonly awsRegion: string;
  readonly repository: string;
  readonly tag: string;
  readonly createdAt: number;
}

export interface Tag extends AccountObject {
  key: string;
  value: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Never part of an answer. */
  resources: AttributableResource[];
}

export interface CostCenter extends AccountObject {
  value: string;
  resources: AttributableResource[];
}

export interface GlobalVolume extends AccountObject {
  name: string;
  readonly createdAt: number;
}

/** Several equal pods on one network, which are in the account's list of pods. */
export interface Cluster extends AccountObject {
  name: string;
  readonly type: ClusterView["type"];
  readonly compute: ClusterView["compute"];
  /** The template that its pods were created from. */
  readonly templateId: string | null;
  readonly createdAt: number;
}

/** The smaller objects, by the names of their lists. */
export interface AccountObjects {
  secrets: Secret;
  registries: Registry;
  delegations: Delegation;
  tags: Tag;
  costCenters: CostCenter;
  globalVolumes: GlobalVolume;
  clusters: Cluster;
}

export const ACCOUNT_OBJECTS = [
  "secrets",
  "registries",
  "delegations",
  "tags",
  "costCenters",
  "globalVolumes",
  "clusters",
] as const satisfies readonly (keyof AccountObjects)[];
