import type { Machine } from "../machine";
import type { Output } from "../types";

/** A container as a command sees it that runs next to the container's own, with its own output. */
export function besideItsCommand(container: Machine, output: Output): Machine {
  return {
    podId: container.podId,
    // An unknown image may have any program as its own command, and no other.
    image: { ...container.image, known: true },
    gpu: container.gpu,
    hostCudaVersion: container.hostCudaVersion,
    disk: container.disk,
    httpPorts: container.httpPorts,
    downloadGbPerSecond: container.downloadGbPerSecond,
    strictHub: container.strictHub,
    now: () => container.now(),
    print: output.print,
    printError: output.printError,
    announce: (sentence) => {
      output.printError(`[emulator] ${sentence}`);
      container.announce(sentence);
    },
    listen: (service) => container.listen(service),
    service: (port) => container.service(port),
    holdGpuMemory: (...held) => container.holdGpuMemory(...held),
    gpuUtil: () => container.gpuUtil(),
    execute: (process) => container.execute(process),
    spawn: (program) => container.spawn(program),
    jobs: () => container.jobs(),
  };
}
