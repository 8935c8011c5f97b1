import { safe } from "@runpod-stack/kit";
import { oneSpaced, serverlessPool, serverlessPools } from "@runpod-stack/models";
import { misspelt, UNKNOWN } from "@runpod-stack/provider/schema";
import { doubt, type Finding, refusal } from "../finding";
import { at } from "./names";

type Body = Readonly<Record<string, unknown>>;

/** What RunPod's GraphQL API calls the types of endpoints. */
const TYPES: Readonly<Record<string, string>> = { QB: "QUEUE", LB: "LOAD_BALANCER" };

/** The inputs of a serverless endpoint that a body of any API means, and what is wrong with its pools. */
export function endpointInputs(inputs: Body, body: Body): { inputs: Body; faults: Finding[] } {
  const { type, networkVolumeId, networkVolumeIds = volumeList(networkVolumeId) } = inputs;
  const { globalVolumeId } = inputs;
  const pools = poolsOf(body);
  const own = {
    ...inputs,
    type: typeof type === "string" ? (TYPES[type] ?? type) : type,
    flashboot: flashboot(inputs["flashboot"]),
    networkVolumeIds,
    globalVolumeId: Array.isArray(globalVolumeId) ? globalVolumeId[0] : globalVolumeId,
  };
  return pools === undefined
    ? { inputs: own, faults: [] }
    : { inputs: { ...own, gpuTypeIds: typesIn(pools) }, faults: pools.names.flatMap(poolFaults) };
}

/** GPU types as RunPod selects them: those of some pools, without some of their types. */
interface Selection {
  readonly names: readonly unknown[];
  readonly excluded: readonly unknown[];
}

/** REST v2's `gpu`, or GraphQL's `gpuIds`: "ADA_24,AMPERE_24,-NVIDIA L4". */
function poolsOf(body: Body): Selection | undefined {
  const pools = at(body, ["gpu", "pools"]);
  if (Array.isArray(pools)) {
    const excluded = at(body, ["gpu", "excludedTypes"]);
    return { names: pools, excluded: Array.isArray(excluded) ? excluded : [] };
  }
  const { gpuIds } = body;
  if (typeof gpuIds !== "string") {
    return undefined;
  }
  const names = gpuIds.split(",").map((name) => name.trim());
  return {
    names: names.filter((name) => name !== "" && !name.startsWith("-")),
    excluded: names.filter((name) => name.startsWith("-")).map((name) => name.slice(1)),
  };
}

/** A GPU type in place of a pool counts as that type. A pool that is not known has unknown types. */
function typesIn({ names, excluded }: Selection): unknown[] {
  const out = new Set(excluded.map((id) => oneSpaced(String(id))));
  return names
    .flatMap(
      (name): readonly unknown[] =>
        poolNamed(name)?.gpuTypeIds ?? [serverlessPool(String(name)) ? name : UNKNOWN],
    )
    .filter((id) => id === UNKNOWN || !out.has(oneSpaced(String(id))));
}

function poolNamed(name: unknown) {
  return serverlessPools().find(({ id }) => id === name);
}

function poolFaults(name: unknown): Finding[] {
  if (typeof name !== "string" || poolNamed(name) !== undefined) {
    return [];
  }
  const given = safe`gpu.pools ${JSON.stringify(name.slice(0, LONGEST))}`;
  const ids = serverlessPools().map(({ id }) => id);
  const [meant] = [serverlessPool(name)?.id ?? [], misspelt(name, ids)].flat();
  if (meant !== undefined) {
    const message = safe`${given} must be the id of a pool.`;
    return [refusal("gpuTypeIds", message, safe`Write ${JSON.stringify(meant)}.`)];
  }
  // A pool may be newer than this package.
  return [
    doubt(
      "gpuTypeIds",
      safe`${given} is not a pool that this release knows, so its GPU types are not checked.`,
      safe`Check the id: the known pools are ${ids.join(", ")}.`,
    ),
  ];
}

const LONGEST = 200;

function volumeList(id: unknown): unknown {
  return id === undefined || id === null ? undefined : [id];
}

/** REST v1 says true or false. */
function flashboot(value: unknown): unknown {
  return typeof value === "boolean" ? (value ? "FLASHBOOT" : "OFF") : value;
}
