import { type Cause, certain, likely, possible } from "./cause";

/** Causes in the host's hardware. Only moving to another host helps. */
export const HARDWARE_CAUSES: readonly Cause[] = [
  {
    name: "gpu-broken",
    remedy:
      "The host's GPU or its link is faulty. Move to another host: delete the pod and recreate it. If it lands on the same host, set other dataCenterIds or gpuTypeIds. Report the old pod's id to RunPod.",
    signs: [
      certain(/uncorrectable (?:\w{1,12} )?error|cudaErrorECCUncorrectable|ECC_UNCORRECTABLE/i),
      certain(/GPU has fallen off the bus|\bGPU is lost\b|cudaErrorNvlinkUncorrectable/i),
      certain(/Invalid access of peer GPU memory over nvlink or a hardware error/),
      certain(/Unable to determine the device handle for (?:GPU|gpu)/),
      certain(/NVRM: Xid .{0,60}: (?:48|63|64|74|79|9[45]|1[12]\d|14\d)\b/),
      possible(/NVRM: Xid |RmInitAdapter failed/),
    ],
  },
  {
    name: "cpu-too-old",
    remedy:
      "A program used an instruction that the host's CPU does not support, such as AVX2 or AVX-512. Recreate the pod on another host (other dataCenterIds or gpuTypeIds), or use an imageName built without that instruction.",
    signs: [
      certain(
        /\bSIGILL\b|\bIllegal instruction\b(?! was encountered)|illegal hardware instruction/i,
        {
          unlessNear: { pattern: /an illegal instruction was encountered/, lines: 0 },
        },
      ),
      certain(/signaled to shutdown with signal 4\b|(?:terminated|killed) by signal 4\b/),
      certain(
        /CPU does not support x86-64-v\d|CPU (?:does not|doesn't) (?:support|have) (?:AVX|SSE)/i,
      ),
      certain(/compiled to use \S{1,12} instructions, but these aren't available/),
      certain(/trap invalid opcode/),
      likely(/exit(?:ed)?(?: with)?(?: status| code):? (?:132|-4)\b/),
    ],
  },
];
