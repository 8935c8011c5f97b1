import type { ContainerConfig, TemplateMounts } from "@runpod-stack/openapi";
import type { FieldTable } from "./field";
import { argv, env, image, mountPath, objectId, ports, whole } from "./values";

/** Inputs that pods, endpoints and templates share. */
export interface ContainerInputs {
  /** Exposed ports, such as "8000/http" or "22/tcp". At most ten HTTP ports. @default none */
  ports?: string[];
  /** Environment variables. Values are stored encrypted. At most 49, including a template's. */
  env?: Record<string, string>;
  /** Replaces the image's ENTRYPOINT, and drops its CMD. */
  dockerEntrypoint?: string[];
  /** Replaces the image's CMD. */
  dockerStartCmd?: string[];
  /** The id of stored credentials for a private registry. */
  containerRegistryAuthId?: string;
}

/** All inputs that pods, endpoints and templates share. Each kind sets its own requirements and defaults. */
interface ContainerRows extends ContainerInputs {
  imageName?: string;
  containerDiskInGb?: number;
  volumeInGb?: number;
  volumeMountPath?: string;
}

/** The part that their request and response bodies share. */
type ContainerBody = ContainerConfig & { mounts?: TemplateMounts };

/**
 * The rows that pods, endpoints and templates share.
 * @param change the effect of a new value: a template takes it, a pod restarts for it, an endpoint
 * makes a release
 * @param noRegistry the wire value that clears the registry's credentials
 */
export function containerFields(change: "update" | "restart" | "release", noRegistry: null | "") {
  const cleared = { change, removal: "clear", observed: true } as const;
  return {
    imageName: { value: image, change, removal: "change", wire: "image", observed: true },
    containerDiskInGb: {
      value: whole("GB", 1),
      change,
      removal: "keep",
      wire: "disk",
      observed: true,
    },
    volumeInGb: {
      value: whole("GB", 10),
      change,
      removal: "replace",
      at: ["mounts.persistent.size"],
      observed: true,
    },
    volumeMountPath: {
      value: mountPath,
      change,
      removal: "change",
      at: ["mounts.persistent.path"],
      observed: true,
    },
    ports: { ...cleared, value: ports, cleared: [], wire: "ports", unordered: true },
    env: { ...cleared, value: env, cleared: {}, wire: "env", secret: "values" },
    dockerEntrypoint: { ...cleared, value: argv, cleared: [], wire: "entrypoint" },
    dockerStartCmd: { ...cleared, value: argv, cleared: [], wire: "cmd", at: ["args"] },
    containerRegistryAuthId: { ...cleared, value: objectId, cleared: noRegistry, wire: "registry" },
  } as const satisfies FieldTable<ContainerRows, { request: ContainerBody; answer: ContainerBody }>;
}
