import { handlerLine, typeToken, type Values } from "@runpod-stack/provider/schema";
import type { ScenarioKind } from "./scenarios.mts";

/** Each kind's arguments, without those of `REFERENCES`. Another edition has others. */
const ARGUMENTS: Readonly<Record<ScenarioKind, (edition: number) => Values>> = {
  Pod: (edition) => ({
    imageName: "vllm/vllm-openai:v0.20.0",
    dockerStartCmd: ["Qwen/Qwen3-0.6B"],
    ports: ["8000/http"],
    containerDiskInGb: 40,
    gpuTypeIds: ["NVIDIA L4"],
    env: { EDITION: `${edition}` },
  }),
  Template: (edition) => ({ imageName: "ubuntu:24.04", env: { EDITION: `${edition}` } }),
  Volume: (edition) => ({ size: 10 * edition, dataCenterId: "EU-RO-1", allowReplace: true }),
  PodEndpoint: () => ({ port: 8000, interval: "250ms", timeout: "1m" }),
  ServerlessEndpoint: (edition) => ({
    imageName: `example.com/worker:${edition}`,
    gpuTypeIds: ["NVIDIA L4"],
    workersMax: 1,
    idleTimeout: 60,
  }),
  Cluster: (edition) => ({
    imageName: "ubuntu:24.04",
    gpuTypeIds: ["NVIDIA H100 80GB HBM3"],
    gpuCount: 1,
    podCount: 2,
    // Nothing else can be changed in place.
    ...(edition > 1 && { name: `train-${edition}` }),
  }),
  EndpointReady: () => ({ input: { prompt: "Hello" }, interval: "1s", timeout: "2m" }),
  Secret: (edition) => ({ value: `value ${edition}` }),
  RegistryAuth: (edition) => ({ username: "me", password: `password ${edition}` }),
  EcrDelegation: (edition) => ({
    resourceArn: `arn:aws:ecr:us-east-1:123456789012:repository/worker${edition}`,
  }),
  SshKeys: (edition) => ({ keys: [`ssh-ed25519 AAAA${edition} me`] }),
  Tag: (edition) => ({ key: "edition", value: `${edition}` }),
  // An interrupted create is only adopted under an automatic name.
  GlobalVolume: (edition) => (edition === 1 ? {} : { name: `weights-${edition}` }),
  CostCenter: (edition) => ({ value: `Research ${edition}` }),
};

/** What waits takes the resource that it waits for, and its id in an import file. */
const REFERENCES = {
  PodEndpoint: { argument: "pod", kind: "Pod", id: "podId" },
  EndpointReady: { argument: "endpoint", kind: "ServerlessEndpoint", id: "endpointId" },
} as const;

interface Program {
  readonly kinds: readonly ScenarioKind[];
  /** The name of all resources. */
  readonly name: string;
  /** @default 1 */
  readonly edition?: number;
  /** Each resource's options, as code. */
  options?(kind: ScenarioKind): string;
}

/** The code of a program with one resource of each kind. */
export function oneOfEach({ kinds, name, edition = 1, options = () => "" }: Program): string {
  const lines = kinds.map((kind) => {
    const { argument, kind: of } = Object(REFERENCES)[kind] ?? {};
    const reference = argument === undefined ? "" : `${argument}: made.${of}, `;
    const given = JSON.stringify(ARGUMENTS[kind](edition)).slice(1, -1);
    return `made.${kind} = new runpod.${kind}("${name}", { ${reference}${given} }, { ${options(kind)} });`;
  });
  return ["const made = {};", ...lines, ""].join("\n");
}

/** The contents of a file for `pulumi import` with these resources. @param ids by kind */
export function importFile(
  { kinds, name, edition = 1 }: Program,
  ids: ReadonlyMap<ScenarioKind, string>,
): string {
  const resources = kinds.map((kind) => {
    const { kind: of, id } = Object(REFERENCES)[kind] ?? {};
    const inputs = {
      ...ARGUMENTS[kind](edition),
      ...(id !== undefined && { [id]: ids.get(of) }),
      __provider: handlerLine(kind),
    };
    return { type: typeToken(kind), name, id: ids.get(kind), inputs, outputs: inputs };
  });
  return JSON.stringify({ resources });
}
