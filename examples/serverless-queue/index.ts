// Jobs wait in a queue; each worker takes one at a time and returns what the image's handler returns.
import { EndpointReady, ServerlessEndpoint } from "@runpod-stack/provider";

const endpoint = new ServerlessEndpoint("transcribe", {
  imageName: "acme/transcriber:1.4.2",
  gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500"],
  // One more worker as soon as a job has waited for two seconds.
  scalerType: "QUEUE_DELAY",
  scalerValue: 2,
  workersMax: 5,
  executionTimeout: "15m",
});

const ready = new EndpointReady("transcribe", {
  endpoint,
  input: { url: "https://example.com/a.wav" },
});

export const runUrl = endpoint.runUrl;
export const firstOutput = ready.output;
