// Compiled, never run: each marked line must not compile, and the compiler reports a mark without an error.
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { DataCenterId, Duration, GpuTypeId } from "@runpod-stack/provider";
import {
  type CpuPodArgs,
  EndpointReady,
  type GpuPodArgs,
  getGpuTypes,
  getGpuTypesOutput,
  getPod,
  getPodOutput,
  getVolumeOutput,
  Pod,
  PodEndpoint,
  Provider,
  ServerlessEndpoint,
  Template,
  Volume,
} from "@runpod-stack/provider";
import { expectTypeOf } from "expect-type";

const config = new pulumi.Config();
const gpuTypeIds = ["NVIDIA L40S", "a type of next year"];

const template = new Template("t", { imageName: "vllm", env: { A: pulumi.secret("b") } });
const volume = new Volume("v", { size: 20, dataCenterId: "EU-RO-1" });
const pod = new Pod("p", {
  template,
  gpuTypeIds,
  networkVolumeId: volume.id,
  dataCenterIds: [volume.dataCenterId],
  terminateAfter: config.get("terminateAfter") ?? "8h",
});
const endpoint = new PodEndpoint("e", {
  pod,
  port: config.requireNumber("port"),
  timeout: "1h30m",
});

// Inputs, read as outputs.
expectTypeOf(pod.name).toEqualTypeOf<Output<string>>();
expectTypeOf(pod.imageName).toEqualTypeOf<Output<string | undefined>>();
expectTypeOf(pod.containerDiskInGb).toEqualTypeOf<Output<number | undefined>>();
expectTypeOf(pod.ports).toEqualTypeOf<Output<string[] | undefined>>();
expectTypeOf(pod.env).toEqualTypeOf<Output<Record<string, string> | undefined>>();
expectTypeOf(pod.desiredStatus).toEqualTypeOf<Output<"RUNNING" | "EXITED">>();
expectTypeOf(template.imageName).toEqualTypeOf<Output<string>>();
expectTypeOf(template.startSsh).toEqualTypeOf<Output<boolean>>();
expectTypeOf(volume.size).toEqualTypeOf<Output<number>>();
expectTypeOf(volume.type).toEqualTypeOf<Output<"STANDARD" | "HIGH_PERFORMANCE">>();
expectTypeOf(endpoint.port).toEqualTypeOf<Output<number>>();
expectTypeOf(endpoint.expectModel).toEqualTypeOf<Output<string | undefined>>();

// Outputs that an app passes on.
expectTypeOf(endpoint.url).toEqualTypeOf<Output<string>>();
expectTypeOf(endpoint.openaiBaseUrl).toEqualTypeOf<Output<string>>();
expectTypeOf(pod.endpointUrls).toEqualTypeOf<Output<Record<string, string>>>();
expectTypeOf(pod.podId).toEqualTypeOf<Output<string>>();

// What functions return.
const found = getGpuTypesOutput({ minMemoryInGb: config.requireNumber("memory") });
expectTypeOf(found.ids).toEqualTypeOf<Output<string[]>>();
new Pod("found", {
  imageName: "a",
  gpuTypeIds: found.ids,
  networkVolumeId: getVolumeOutput({ name: pod.name }).volumeId,
  env: getPodOutput({ podId: pod.id }).env,
});
expectTypeOf(getGpuTypes({})).resolves.toHaveProperty("ids");
expectTypeOf(getPod({ podId: "p" })).resolves.toHaveProperty("costPerHr");
// @ts-expect-error plain functions take plain values
void getPod({ podId: pod.id });
// @ts-expect-error a misspelled argument
void getGpuTypes({ minMemory: 48 });

const serverless = new ServerlessEndpoint("s", { imageName: "a", gpuTypeIds });
const ready = new EndpointReady("r", { endpoint: serverless, input: { prompt: pod.name } });
expectTypeOf(ready.openaiBaseUrl).toEqualTypeOf<Output<string>>();
expectTypeOf(ready.readyAt).toEqualTypeOf<Output<string | null>>();
new EndpointReady("r", { endpointId: "e", path: "/ping", expectStatus: 204 });

// What is required.
// @ts-expect-error a job or a path
new EndpointReady("x", { endpoint: serverless });
// @ts-expect-error a job and a path
new EndpointReady("x", { endpoint: serverless, input: {}, path: "/" });
// @ts-expect-error no endpoint
new EndpointReady("x", { input: {} });
// @ts-expect-error a pod is either a GPU pod or a CPU pod
new Pod("x", {});
// @ts-expect-error a template gives no processor
new Pod("x", { template });
new Pod("x", { imageName: "a", cpuFlavorIds: ["cpu3c"] });
// @ts-expect-error both
new Pod("x", { imageName: "a", gpuTypeIds, cpuFlavorIds: ["cpu3c"] });
new ServerlessEndpoint("x", { imageName: "a", cpuFlavorIds: ["cpu3c"] });
// @ts-expect-error neither GPUs nor CPUs
new ServerlessEndpoint("x", { imageName: "a" });
// @ts-expect-error no image
new Template("x", {});
// @ts-expect-error no data center
new Volume("x", { size: 20 });
// @ts-expect-error no size
new Volume("x", { dataCenterId: "EU-RO-1" });
// @ts-expect-error no port
new PodEndpoint("x", { pod });
// @ts-expect-error no pod
new PodEndpoint("x", { port: 8000 });
// @ts-expect-error two pods
new PodEndpoint("x", { port: 8000, pod, podId: "p" });
// @ts-expect-error no key
new Provider("x", {});

// What is refused.
// @ts-expect-error a misspelled name
new Pod("x", { gpuTypeIds, containerDiskInGB: 20 });
// @ts-expect-error a value of another type
new Pod("x", { gpuTypeIds, containerDiskInGb: "20" });
// @ts-expect-error a word that is none of the possible
new Pod("x", { gpuTypeIds, cloudType: "ALL" });
// @ts-expect-error an id where the resource itself is meant
new Pod("x", { gpuTypeIds, template: "t" });

// What programs do with the arguments' types.
export interface Wrapped extends GpuPodArgs {
  readonly team: string;
}
export const wrap = (args: GpuPodArgs | CpuPodArgs) =>
  new Pod("x", { ...args, ports: ["8000/http"] });

// Known values, of which editors complete those of arguments.
expectTypeOf<"NVIDIA L40S">().toExtend<GpuTypeId>();
expectTypeOf<"EU-RO-1">().toExtend<DataCenterId>();
expectTypeOf<string>().not.toExtend<GpuTypeId>();
export const durations: Duration[] = ["250ms", "90s", "45m", "1.5h", "1h30m", "10m30s", "1h2m3s"];
// @ts-expect-error no unit that is known
export const words: Duration = "8 hours";
// @ts-expect-error no unit
export const bare: Duration = "45";
