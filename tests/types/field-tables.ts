// Compiled, never run: each marked line must not compile, and the compiler reports a mark without an error.
import { z } from "zod";
import type { CreatePodRequest, Pod, UpdatePodRequest } from "../../provider/src/api";
import type { FieldTable, Inputs, PodInputs, Previewed } from "../../provider/src/schema";
import { fromWire, podFields, templateFields, toWire } from "../../provider/src/schema";

interface PodWire {
  readonly request: CreatePodRequest & UpdatePodRequest;
  readonly answer: Pod;
}
interface Disk {
  size: number;
  cloud?: "SECURE" | "COMMUNITY";
}
type DiskTable = FieldTable<Disk, PodWire>;

const size = { value: z.number(), required: true, change: "update", removal: "keep" } as const;
const cloud = {
  value: z.enum(["SECURE", "COMMUNITY"]),
  change: "update",
  removal: "keep",
} as const;
export const right: DiskTable = {
  size: { ...size, wire: "disk", observed: true },
  cloud: { ...cloud, wire: "cloud", default: "SECURE", observed: true },
};

// @ts-expect-error a field without a row
export const missing: DiskTable = { size };
// @ts-expect-error a row without a field
export const misspelled: DiskTable = { size, cloud, color: cloud };
// @ts-expect-error a validator of another type
export const validator: DiskTable = { size: { ...size, value: z.string() }, cloud };
// @ts-expect-error a validator that lets more pass
export const wide: DiskTable = { size, cloud: { ...cloud, value: z.string() } };
// @ts-expect-error a default of another type
export const standard: DiskTable = { size, cloud: { ...cloud, default: 5 } };
// @ts-expect-error a default that no program may give
export const foreign: DiskTable = { size, cloud: { ...cloud, default: "ALL" } };
// @ts-expect-error a path that no body has
export const path: DiskTable = { size: { ...size, wire: "gpu.minRamPerGPU" }, cloud };
// @ts-expect-error a path to a value of another type
export const typed: DiskTable = { size: { ...size, wire: "image" }, cloud };
// @ts-expect-error a path to the object around the value
export const outer: DiskTable = { size: { ...size, wire: "gpu" }, cloud };
const sent = { ...size, wire: "gpu.minRamPerGpu" } as const;
export const unobserved: DiskTable = { size: sent, cloud };
// @ts-expect-error observed where RunPod reports nothing
export const silent: DiskTable = { size: { ...sent, observed: true }, cloud };
// @ts-expect-error another place that no body has
export const place: DiskTable = { size: { ...size, at: ["mounts.persistent.gb"] }, cloud };
// @ts-expect-error required by type and not by its row
export const lax: DiskTable = { size: { ...size, required: undefined }, cloud };
// @ts-expect-error required by its row and not by type
export const strict: DiskTable = { size, cloud: { ...cloud, required: true } };
// @ts-expect-error a clearing value of another type
export const cleared: DiskTable = { size: { ...size, cleared: "" }, cloud };
// @ts-expect-error a meaning of absence of another type
export const unset: DiskTable = { size: { ...size, unset: false }, cloud };

declare const inputs: Inputs<PodInputs>;
declare const previewed: Previewed<PodInputs>;
declare const pod: Pod;

export const volumeId: string | undefined = inputs["networkVolumeId"];
// @ts-expect-error a field that pods do not have
export const typo = inputs["networkVolumeID"];
// @ts-expect-error a preview may not know it
export const unknown: number | undefined = previewed["volumeInGb"];
// @ts-expect-error nor each item
export const items: readonly string[] | undefined | symbol = previewed["gpuTypeIds"];
// @ts-expect-error what RunPod reports of pods is not what it reports of templates
fromWire(templateFields, pod, {});
// @ts-expect-error a special case for a field that pods do not have
fromWire<PodInputs, PodWire>(podFields, pod, { color: "red" });
export const image: string | undefined = toWire(podFields, inputs).image;
// @ts-expect-error a member that no body has
export const member = toWire(podFields, inputs).imageName;
