import { type Cause, certain, likely, possible } from "./cause";

/** The driver, the image's CUDA and the kind of GPU do not go together, or there is no GPU at all. */
export const GPU_CAUSES: readonly Cause[] = [
  {
    name: "cuda-803-driver-library-conflict",
    remedy:
      'The image\'s CUDA compat libraries hide the host\'s driver. Start the server with LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH, for example dockerEntrypoint ["bash", "-c"] and a dockerStartCmd that exports it first; or use an image without them.',
    signs: [
      certain(/\bError 803:|unsupported display driver \/ cuda driver combination/i, {
        quiet: true,
      }),
      certain(/cudaErrorSystemDriverMismatch|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH/),
    ],
  },
  {
    name: "cuda-804-forward-compat",
    remedy:
      "The image's CUDA compat libraries do not work with this kind of GPU. Put the host's driver first (LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH), or set minCudaVersion to the image's CUDA version so that the host's own driver is new enough.",
    signs: [
      certain(/\bError 804:|forward compatibility was attempted on non.supported HW/i, {
        quiet: true,
      }),
      certain(/cudaErrorCompatNotSupportedOnDevice/),
      possible(/Unexpected error from cudaGetDeviceCount\(\)/, {
        quiet: true,
        unlessNear: { pattern: /Error \d{1,3}:/, lines: 0 },
        remedy:
          "CUDA did not start, and the line ends before its error code. 803 and 804: the image's CUDA compat libraries are in the way, so set LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH or minCudaVersion. 802: the host's NVSwitch service is down, so move to another host.",
      }),
    ],
  },
  {
    name: "cuda-802-fabric-manager",
    remedy:
      "The host's NVSwitch fabric manager is down or does not match its driver. Only another host helps: delete the pod and recreate it, with other dataCenterIds or gpuTypeIds if it lands on the same one.",
    signs: [
      certain(/\bError 802:|cudaErrorSystemNotReady/, { quiet: true }),
      certain(/system not yet initialized/, { quiet: true }),
    ],
  },
  {
    name: "image-needs-newer-cuda",
    remedy:
      "The host's driver is older than the image requires. Set minCudaVersion to the version that the line names after cuda>=, or use an image for an older CUDA.",
    signs: [certain(/unsatisfied condition: ?cuda ?>=/)],
  },
  {
    name: "ptx-toolchain-too-new",
    remedy:
      "The image was built with a newer CUDA than the host's driver understands. Set minCudaVersion to the image's CUDA version, or use an older tag.",
    signs: [
      certain(/PTX was compiled with an unsupported toolchain|UnsupportedPtxVersion/i),
      certain(/CUDA_ERROR_UNSUPPORTED_PTX_VERSION/),
    ],
  },
  {
    name: "nvidia-runtime-missing",
    remedy:
      "The host starts containers without the NVIDIA runtime. Only another host helps: delete the pod and recreate it.",
    signs: [
      certain(/could not select device driver .{0,40}capabilities: \[\[gpu\]\]/),
      certain(/unknown or invalid runtime name: nvidia|no runtime for "nvidia"/),
      likely(/CUDA driver version is insufficient/, {
        near: { pattern: /NVIDIA Driver was not detected|Found no NVIDIA driver/i, lines: 40 },
      }),
    ],
  },
  {
    name: "nvml-driver-mismatch",
    remedy:
      "The host's driver was upgraded without a restart of the machine. Only another host helps: delete the pod and recreate it.",
    signs: [certain(/driver\/library version mismatch/i)],
  },
  {
    name: "driver-too-old",
    remedy:
      "The host's driver is older than the image's CUDA. Set minCudaVersion to the image's CUDA version, or use an image for an older CUDA. If the host shows no driver at all, recreate the pod on another one.",
    signs: [
      certain(/NVIDIA driver on your system is too old/i, { quiet: true }),
      likely(/CUDA driver version is insufficient|cudaErrorInsufficientDriver/i),
    ],
  },
  {
    name: "gpu-arch-unsupported",
    remedy:
      "The image has no code for this generation of GPU. Use an image built for CUDA 12.8 or newer on Blackwell, or name other gpuTypeIds.",
    signs: [
      certain(/CUDA capability sm_\d{1,4} is not compatible/, { quiet: true }),
      certain(/no kernel image is available for execution|cudaErrorNoKernelImageForDevice/),
    ],
  },
  {
    name: "dtype-unsupported-gpu",
    remedy:
      "This GPU cannot compute in bfloat16. Add --dtype half to dockerStartCmd, or name gpuTypeIds of the Ampere generation or later.",
    signs: [certain(/bfloat16 is (?:only|not) supported on/i)],
  },
  {
    name: "quantization-unsupported-gpu",
    remedy:
      "This GPU is too old for the checkpoint's quantization. Name gpuTypeIds with at least the capability that the line asks for, or choose another checkpoint.",
    signs: [certain(/quantization method .{0,60}not supported for the current GPU/i)],
  },
  {
    name: "accelerator-busy-or-missing",
    remedy:
      "The GPU is there but cannot be taken: another process holds it, or the host has lost it. Stop that process, or recreate the pod on another host.",
    signs: [
      certain(/CUDA-capable device.{0,12} busy or unavailable/i),
      certain(/cudaErrorDevicesUnavailable|Device acquire failed/),
    ],
  },
  {
    name: "no-gpu-visible",
    remedy:
      "No GPU reached the server. Check that the pod has one (gpuTypeIds, gpuCount; not a CPU pod) and that env does not set CUDA_VISIBLE_DEVICES; otherwise recreate it on another host.",
    signs: [
      likely(/No HIP GPUs are available/, {
        remedy:
          "The image is built for AMD's GPUs (ROCm) and finds none. Use the server's image for CUDA as imageName.",
      }),
      likely(/Failed to infer device type|No CUDA GPUs are available/),
      likely(
        /Found no NVIDIA driver|no CUDA-capable device is detected|Torch not compiled with CUDA/,
      ),
    ],
  },
  {
    name: "gpu-not-used-cpu-fallback",
    remedy:
      "It serves, but on the CPU: the driver in the container is empty or does not fit. Recreate the pod on another host, and check that the image does not bring its own libcuda.",
    signs: [
      certain(/no compatible GPUs were discovered/, { quiet: true }),
      certain(/"inference compute".{0,40} library=cpu\b/, { quiet: true }),
    ],
  },
  {
    name: "libcuda-missing",
    remedy:
      "The driver's library is not in the container: harmless where no GPU is meant to be used. On a GPU pod, recreate it on another host, and check that LD_LIBRARY_PATH still holds /lib/x86_64-linux-gnu.",
    signs: [
      likely(/ImportError: libcuda\.so\S{0,4} cannot open shared object file/),
      possible(/libcuda\.so\S{0,4} cannot open shared object file/, { quiet: true }),
    ],
  },
];
