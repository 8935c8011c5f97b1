import { safe } from "@runpod-stack/kit";
import type { KnownList } from "../input-values";
import { isKnown, type Known, knownItems, UNKNOWN, wholeList } from "../known";
import { doubt, type Finding, ofPods, refusal, rule, type StackFinding } from "../rule";
import { type EndpointSpec, isDeployment } from "../spec";
import { networkVolumesOf, type VolumeItem } from "../stack";
import { enumerate } from "../words";

interface Allowed {
  readonly allowed: readonly string[];
}

export const allowedDataCenters = rule<Allowed>({
  name: "allowed-data-centers",
  description:
    "Checks whether pods, serverless endpoints and volumes are in data centers from a configured list.",
  severity: "high",
  level: "mandatory",
  why: "Contracts and laws may restrict where data is processed. Without dataCenterIds, RunPod may choose any data center.",
  source: "your own configuration; RunPod REST API v2, createPod (dataCenterIds are enforced)",
  remediationSteps: "Set dataCenterIds to data centers in the message.",
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Allowed data centers, as RunPod ids. An empty list allows all.",
    },
  },
  example: 'dataCenterIds: ["US-KS-2"] // allowed: ["EU-RO-1"]',
  check(spec, { allowed }) {
    const isVolume = spec.kind === "Volume";
    if (allowed.length === 0 || !(isVolume || isDeployment(spec))) {
      return [];
    }
    const field = isVolume ? "dataCenterId" : "dataCenterIds";
    const given = isVolume ? listOf(spec.dataCenterId) : spec.dataCenterIds;
    if (given === UNKNOWN) {
      return [];
    }
    const list = enumerate(allowed, "or");
    if (given === undefined || given.length === 0) {
      const message = safe`${field} must be set to ${list}: without it, RunPod may choose any data center.`;
      return [refusal(field, message, safe`Set ${field} to allowed data centers.`)];
    }
    return knownItems(given)
      .filter((id) => !allowed.includes(id))
      .map((id) =>
        refusal(
          field,
          safe`${field} ${id} must be ${list}: allowed-data-centers allows no other.`,
          safe`Remove ${id}, or add it to allowed-data-centers.`,
        ),
      );
  },
});

export const cloudType = rule<Allowed>({
  name: "cloud-type",
  description: "Checks whether pods run in an allowed cloud.",
  severity: "medium",
  level: "advisory",
  why: "Community cloud hosts belong to third parties, who can read what runs on them. Network volumes are available only in the secure cloud.",
  source: "RunPod docs, references/security-and-compliance; pods/storage/types",
  remediationSteps: "Use cloudType SECURE, or allow COMMUNITY in the configuration.",
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: ["SECURE"],
      description: "SECURE, COMMUNITY or both.",
    },
  },
  example: 'cloudType: "COMMUNITY"',
  check: ofPods((spec, { allowed }) => {
    const cloud = spec.cloudType ?? "SECURE";
    if (cloud === UNKNOWN || allowed.includes(cloud)) {
      return [];
    }
    const message = safe`cloudType ${cloud} must be ${enumerate(allowed, "or")}: community cloud hosts belong to third parties, who can read prompts, tokens and weights on them.`;
    return [
      refusal(
        "cloudType",
        message,
        safe`Set cloudType to ${enumerate(allowed, "or")}, or allow ${cloud} in cloud-type.`,
      ),
    ];
  }),
});

export const volumePlacement = rule({
  name: "volume-placement",
  description:
    "Checks whether a pod or a serverless worker can run in the data center of its network volume, and in its cloud.",
  severity: "high",
  level: "mandatory",
  why: "A network volume can be mounted only in its own data center of the secure cloud. Elsewhere, RunPod reports that there is no capacity. An endpoint can have one volume per data center, and its workers run only where it has one.",
  source: "RunPod docs, storage/network-volumes; REST API v2, createPod and createEndpoint",
  remediationSteps: "Use the volume's data center: dataCenterIds: [volume.dataCenterId].",
  options: {},
  hasDoubts: true,
  example:
    'networkVolumeId: volume.volumeId, dataCenterIds: ["US-KS-2"] // the volume is in EU-RO-1',
  checkStack(items) {
    return items.flatMap((item): StackFinding[] => {
      if (item.spec.kind === "ServerlessEndpoint") {
        return ofEndpoint(item.spec, networkVolumesOf(item, items)).map((found) => ({
          ...found,
          item,
        }));
      }
      if (item.spec.kind !== "Pod" || item.spec.networkVolumeId === undefined) {
        return [];
      }
      const findings: Finding[] = [];
      if (item.spec.cloudType === "COMMUNITY") {
        findings.push(inCommunityCloud());
      }
      const home = networkVolumesOf(item, items)[0]?.spec.dataCenterId;
      const asked = wholeList(item.spec.dataCenterIds);
      if (isKnown(home) && asked !== undefined && asked.length > 0 && !asked.includes(home)) {
        findings.push(elsewhere(asked, home));
      }
      return findings.map((finding) => ({ ...finding, item }));
    });
  },
});

export const volumeProtected = rule({
  name: "volume-protected",
  description: "Checks whether network volumes are protected from deletion.",
  severity: "medium",
  level: "advisory",
  why: "Deleting a network volume loses everything on it, immediately and permanently.",
  source: "RunPod docs, storage/network-volumes; Pulumi docs, the protect option",
  remediationSteps: "Set the resource option protect: true on the Volume.",
  options: {},
  example: 'new Volume("cache", { size: 100, dataCenterId: "EU-RO-1" }) // no { protect: true }',
  check(spec) {
    if (spec.kind !== "Volume" || spec.isProtected !== false) {
      return [];
    }
    const message = safe`protect must be true: \`pulumi destroy\`, or removing the resource from the program by mistake, deletes the volume and everything on it.`;
    return [refusal("protect", message, safe`Add { protect: true } to the resource's options.`)];
  },
});

function listOf(value: Known<string>): KnownList {
  return value === undefined ? undefined : [value];
}

function inCommunityCloud(): Finding {
  return refusal(
    "cloudType",
    safe`cloudType COMMUNITY must be SECURE: the pod mounts a network volume, and network volumes are available only in the secure cloud.`,
    safe`Set cloudType to SECURE, or use volumeInGb instead of the network volume.`,
  );
}

function elsewhere(asked: readonly string[], home: string): Finding {
  return refusal(
    "dataCenterIds",
    safe`dataCenterIds ${enumerate(asked)} must include ${home}: the pod mounts a network volume in that data center, and cannot run anywhere else.`,
    safe`Set dataCenterIds to [volume.dataCenterId].`,
  );
}

function ofEndpoint(spec: EndpointSpec, volumes: readonly VolumeItem[]): Finding[] {
  const homes = volumes.flatMap(({ spec: { dataCenterId } }) =>
    isKnown(dataCenterId) ? dataCenterId : [],
  );
  const [twice] = homes.filter((home, index) => homes.indexOf(home) !== index);
  const asked = wholeList(spec.dataCenterIds) ?? [];
  const [away] = asked.length === 0 ? [] : homes.filter((home) => !asked.includes(home));
  return [
    ...(twice === undefined ? [] : [secondVolume(twice)]),
    ...(away === undefined ? [] : [unreachableVolume(asked, away)]),
  ];
}

/** How RunPod refuses it is not documented. */
function secondVolume(home: string): Finding {
  return doubt(
    "networkVolumeIds",
    safe`networkVolumeIds should have one volume in ${home}: RunPod allows one per data center, and a worker has the one of that data center.`,
    safe`Remove the others, or move them to other data centers.`,
  );
}

function unreachableVolume(asked: readonly string[], home: string): Finding {
  return doubt(
    "dataCenterIds",
    safe`dataCenterIds ${enumerate(asked)} should include ${home}: the endpoint has a network volume in that data center, and no worker can mount it elsewhere.`,
    safe`Add ${home} to dataCenterIds, or remove the volume.`,
  );
}
