import { clusterHandler } from "../../../provider/src/handlers/cluster/handler";
import { costCenterHandler } from "../../../provider/src/handlers/cost-center/handler";
import { ecrDelegationHandler } from "../../../provider/src/handlers/ecr-delegation/handler";
import { globalVolumeHandler } from "../../../provider/src/handlers/global-volume/handler";
import type { Handler } from "../../../provider/src/handlers/lifecycle/handler";
import { registryAuthHandler } from "../../../provider/src/handlers/registry-auth/handler";
import { secretHandler } from "../../../provider/src/handlers/secret/handler";
import { tagHandler } from "../../../provider/src/handlers/tag/handler";
import type { Stored, Values } from "../../../provider/src/schema";
import { fakeScene } from "./fake-context";

const LIVE = { version: 1, createdAt: 0 };
const WRITTEN = "2026-11-23T12:00:00Z";
const ARN = "arn:aws:ecr:us-east-1:123456789012:repository/worker";

interface Case {
  readonly handler: Handler<object>;
  /** A program's inputs, and the object as RunPod reports it. */
  readonly given: Values;
  readonly wire: Values;
  /** Outputs, without which a refresh reads more than the list. */
  readonly known?: Values;
}

const kinds: Readonly<Record<string, Case>> = {
  Secret: {
    handler: secretHandler as Handler<object>,
    given: { name: "it", value: "hush", description: "ours" },
    wire: { name: "it", description: "ours", createdAt: WRITTEN, valueLastUpdatedAt: WRITTEN },
  },
  RegistryAuth: {
    handler: registryAuthHandler as Handler<object>,
    given: { name: "it", username: "me", password: "hush" },
    wire: { name: "it" },
  },
  EcrDelegation: {
    handler: ecrDelegationHandler as Handler<object>,
    given: { name: "it", resourceArn: ARN },
    wire: { name: "it", awsUser: "123456789012", awsRegion: "us-east-1", repository: "worker" },
  },
  Cluster: {
    handler: clusterHandler as Handler<object>,
    given: {
      name: "it",
      type: "TRAINING",
      imageName: "ubuntu:24.04",
      gpuTypeIds: ["NVIDIA H200"],
      gpuCount: 8,
      podCount: 2,
      dataCenterIds: ["EU-RO-1"],
    },
    wire: {
      name: "it",
      type: "TRAINING",
      compute: { gpuTypeId: "NVIDIA H200", gpuCountPerPod: 8, podCount: 2 },
      dataCenterId: "EU-RO-1",
      pods: { total: 2, byStatus: {} },
      createdAt: WRITTEN,
    },
    known: { primaryPodId: "a", podIds: ["a", "b"], costPerHr: 1 },
  },
  Tag: {
    handler: tagHandler as Handler<object>,
    given: { key: "team", value: "ml" },
    wire: { key: "team", value: "ml" },
  },
  GlobalVolume: {
    handler: globalVolumeHandler as Handler<object>,
    given: { name: "it" },
    wire: { name: "it", createdAt: WRITTEN },
  },
  CostCenter: {
    handler: costCenterHandler as Handler<object>,
    given: { value: "Research" },
    wire: { value: "Research" },
  },
};

/** What a refresh records and the next update changes, if RunPod answers with an object. */
async function refreshed({ handler, given, known }: Case, object: Values) {
  const { inputs } = handler.check({}, given);
  const { context, runpod } = fakeScene();
  runpod.named = [{ id: "it", ...object }];
  runpod.clusters = runpod.named as typeof runpod.clusters;
  const stored = { ...inputs, ...known, __live: LIVE } as Stored<object>;
  const found = await handler.read(context, "it", stored);
  if (found === undefined) {
    throw new Error("it is gone");
  }
  const next = handler.check(found.inputs, given);
  const { changed } = handler.diff(found.outputs, next.inputs);
  return { drifted: found.inputs["__drifted" as never] ?? [], changed };
}

describe.each(Object.entries(kinds))("a refresh of a %s", (_, kind) => {
  test.each(Object.keys(kind.wire))("takes a missing %s for no change", async (field) => {
    const { [field]: _, ...without } = kind.wire;
    const nothing = { drifted: [], changed: [] };
    expect(await refreshed(kind, kind.wire)).toEqual(nothing);
    expect(await refreshed(kind, without)).toEqual(nothing);
    expect(await refreshed(kind, { ...kind.wire, [field]: undefined })).toEqual(nothing);
  });
});
