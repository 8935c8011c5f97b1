import { findImage } from "../../../../emulator/src/containers/images";
import { advanced, container, MINUTE, START, text } from "./support";

describe("the image pull", () => {
  it("takes minutes for a large image and seconds for one that the machine has", () => {
    const cold = advanced(container({ imageCached: false }), 1);
    expect(cold.status()).toBe("pulling");
    expect(cold.uptimeStartedAt()).toBeNull();
    expect(text(cold, "system")).toMatch(/Downloading \[=+> +\] {2}\d+\.\d+GB\/12\.00GB/);
    advanced(cold, 2);
    expect(cold.status()).toBe("running");
    expect(text(cold, "system")).toContain(
      "Status: Downloaded newer image for vllm/vllm-openai:v0.33.0",
    );
    const warm = container({ imageCached: true });
    warm.advanceTo(START + 5000);
    expect(warm.status()).toBe("running");
    expect(warm.uptimeStartedAt()).toBe(START + 5000);
  });

  it("varies with the machine's network", () => {
    const at = (chance: number) => {
      const runtime = container({ imageCached: false, random: () => chance });
      runtime.advanceTo(START + 80_000);
      return runtime.status();
    };
    expect(at(0)).toBe("pulling");
    expect(at(0.99)).toBe("running");
  });

  it.each([
    ["vllm/vllm-openai:v9.9.9", "manifest for vllm/vllm-openai:v9.9.9 not found: manifest unknown"],
    ["nginx:does-not-exist", "manifest for nginx:does-not-exist not found: manifest unknown"],
    ["vllm/vllm-opnai:latest", "pull access denied for vllm/vllm-opnai, repository does not exist"],
    [
      "ngnix",
      "pull access denied for ngnix, repository does not exist or may require 'docker login'",
    ],
    ["ghcr.io/acme/does-not-exist:1", "failed to fetch anonymous token"],
  ])("gives up on %s after some attempts", (image, message) => {
    const runtime = advanced(container({ image }), 5);
    expect(runtime.status()).toBe("error");
    expect(text(runtime, "system")).toContain(`error pulling image: Error response from daemon: `);
    expect(text(runtime, "system")).toContain(message);
    expect(text(runtime, "system")).toContain(
      `error creating container: Error response from daemon: No such image: ${image}`,
    );
    expect(runtime.nextEventAt()).toBeNull();
  });
});

describe("the machine's driver", () => {
  it.each([
    ["vllm/vllm-openai:v0.33.0", "12.9", "cuda>=13.0"],
    ["vllm/vllm-openai:v0.16.0-cu130", "12.9", "cuda>=13.0"],
    ["runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404", "12.4", "cuda>=12.8"],
    ["nvidia/cuda:12.8.1-base-ubuntu24.04", "12.1", "cuda>=12.8"],
  ])("must support what %s demands", (image, hostCudaVersion, condition) => {
    const runtime = advanced(container({ image, hostCudaVersion }), 5);
    expect(text(runtime, "system")).toContain(
      `nvidia-container-cli: requirement error: unsatisfied condition: ${condition}`,
    );
    expect(text(runtime, "system")).toContain("error starting container");
    expect(runtime.status()).toBe("running");
    expect(runtime.uptimeStartedAt()).toBeNull();
    expect(runtime.restarts).toBeGreaterThan(2);
  });

  it("is compared number by number, and may be newer", () => {
    const image = "vllm/vllm-openai:v0.19.0";
    expect(findImage(image).minHostCuda).toBe("12.9");
    for (const hostCudaVersion of ["12.10", "13.0"]) {
      expect(advanced(container({ image, hostCudaVersion }), 10).listening(8000)).toBe(true);
    }
  });
});

describe("the known images", () => {
  it("resolve latest and nightly to the newest release", () => {
    expect(findImage("vllm/vllm-openai").vllm?.version).toBe("0.33.0");
    expect(findImage("docker.io/vllm/vllm-openai:nightly").vllm?.version).toBe("0.33.0");
  });

  it("include the variants of a release", () => {
    expect(findImage("vllm/vllm-openai:v0.16.0-cu130").minHostCuda).toBe("13.0");
    expect(findImage("vllm/vllm-openai:v0.16.0-x86_64").minHostCuda).toBe("12.9");
    expect(findImage("vllm/vllm-openai:v0.20.0-cu129").minHostCuda).toBe("12.9");
  });

  it("have another vLLM ENTRYPOINT from v0.11.1 on", () => {
    expect(findImage("vllm/vllm-openai:v0.11.0").entrypoint).toContain("python3");
    expect(findImage("vllm/vllm-openai:v0.11.1").entrypoint).toEqual(["vllm", "serve"]);
  });

  it("are found by references with registries, ports and digests", () => {
    expect(findImage("registry.example:5000/team/app:1").repository).toBe(
      "registry.example:5000/team/app",
    );
    expect(findImage(`vllm/vllm-openai:v0.16.0@sha256:${"0".repeat(64)}`).vllm?.version).toBe(
      "0.16.0",
    );
    expect(findImage("docker.io/library/nginx:1.29").repository).toBe("nginx");
  });

  it("cannot run if they are for ARM", () => {
    const runtime = advanced(container({ image: "vllm/vllm-openai:v0.33.0-aarch64" }), 2);
    expect(text(runtime, "container")).toContain("exec vllm: exec format error");
  });

  it("are pulled in no time if they are small", () => {
    const runtime = container({ image: "busybox", imageCached: false, cmd: ["sleep", "infinity"] });
    runtime.advanceTo(START + MINUTE / 10);
    expect(runtime.status()).toBe("running");
  });
});
