// The workers' own HTTP server, behind RunPod's load balancer.
//
// Waives max-workers-budget: RunPod publishes no serverless price of CPU workers to check.
import { EndpointReady, ServerlessEndpoint } from "@runpod-stack/provider";

const endpoint = new ServerlessEndpoint("api", {
  type: "LOAD_BALANCER",
  imageName: "nginx:1.29",
  cpuFlavorIds: ["cpu3c"],
  ports: ["80/http"],
  // A worker gets requests while this path answers 200.
  env: { HEALTH_CHECK_PATH: "/" },
  scalerType: "REQUEST_COUNT",
  scalerValue: 10,
  workersMax: 3,
});

const ready = new EndpointReady("api", { endpoint, path: "/", expectOutput: "Welcome" });

export const url = ready.url;
