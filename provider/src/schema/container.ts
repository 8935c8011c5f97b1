import type { ContainerConfig, TemplateMounts } from "@runpod-stack/openapi";
import type { FieldTable } from "./field";
import { argv, env, image, mountPath, objectId, ports, whole } from "./values";

/** What pods and templates have in common. */
export interface ContainerInputs {
  /** Exposed ports, such as "8000/http" or "22/tcp". At most ten HTTP ports. @default none */
  ports?: string[];
  /** Environment variables. Values are stored encrypted. At most 49, a template's included. */
  env?: Record<string, string>;
  /** Replaces the image's ENTRYPOINT, and drops its CMD. */
  dockerEntrypoint?: string[];
  /** Replaces the image's CMD. */
  dockerStartCmd?: string[];
  /** The id of stored credentials for a private registry. */
  containerRegistryAuthId?: string;
}

/** All that pods and templates share; what is required of it, and by default, each says by itself. */
interface ContainerRows extends ContainerInputs {
  imageName?: string;
  containerDiskInGb?: number;
  volumeInGb?: number;
  volumeMountPath?: string;
}

/** The part of their bodies that they share. */
type ContainerBody = ContainerConfig & { mounts?: TemplateMounts };

/**
 * The rows of what pods and templates have in common.
 * @param change what a new value does: a template takes it, a pod has to restart for it
 * @param noRegistry what clears the registry's credentials on the wire
 */
export function containerFields(change: "update" | "restart", noRegistry: null | "") {
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
