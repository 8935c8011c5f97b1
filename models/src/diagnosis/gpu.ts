import { type Cause, certain, likely, possible } from "./cause";

/** Causes in the GPU and its driver: incompatible with the image's CUDA, or missing. */
export const GPU_CAUSES: readonly Cause[] = [
  {
    name: "cuda-803-driver-library-conflict",
    remedy:
      'The image\'s CUDA compat libraries override the host\'s driver. Start the server with LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH, for example with dockerEntrypoint ["bash", "-c"] and a dockerStartCmd that exports it first, or use an image without compat libraries.',
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
      "The image's CUDA compat libraries do not support this GPU type. Put the host's driver first (LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH), or set minCudaVersion to the image's CUDA version to get a host with a newer driver.",
    signs: [
      certain(/\bError 804:|forward compatibility was attempted on non.supported HW/i, {
        quiet: true,
      }),
      certain(/cudaErrorCompatNotSupportedOnDevice/),
      possible(/Unexpected error from cudaGetDeviceCount\(\)/, {
        quiet: true,
        unlessNear: { pattern: /Error \d{1,3}:/, lines: 0 },
        remedy:
          "CUDA failed to initialize, and the line ends before the error code. With 803 or 804, the image's CUDA compat libraries interfere: set LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH, or set minCudaVersion. With 802, the host's NVSwitch service is down: recreate the pod on another host.",
      }),
    ],
  },
  {
    name: "cuda-802-fabric-manager",
    remedy:
      "The host's NVSwitch fabric manager is down or does not match its driver. Move to another host: delete the pod and recreate it. If it lands on the same host, set other dataCenterIds or gpuTypeIds.",
    signs: [
      certain(/\bError 802:|cudaErrorSystemNotReady/, { quiet: true }),
      certain(/system not yet initialized/, { quiet: true }),
    ],
  },
  {
    name: "image-needs-newer-cuda",
    remedy:
      "The host's driver is older than the image requires. Set minCudaVersion to the version after cuda>= in the line, or use an image for an older CUDA version.",
    signs: [certain(/unsatisfied condition: ?cuda ?>=/)],
  },
  {
    name: "ptx-toolchain-too-new",
    remedy:
      "The image was built with a newer CUDA version than the host's driver supports. Set minCudaVersion to the image's CUDA version, or use an older image tag.",
    signs: [
      certain(/PTX was compiled with an unsupported toolchain|UnsupportedPtxVersion/i),
      certain(/CUDA_ERROR_UNSUPPORTED_PTX_VERSION/),
    ],
  },
  {
    name: "nvidia-runtime-missing",
    remedy:
      "The host starts containers without the NVIDIA runtime. Move to another host: delete the pod and recreate it.",
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
      "The host's driver was upgraded without restarting the machine. Move to another host: delete the pod and recreate it.",
    signs: [certain(/driver\/library version mismatch/i)],
  },
  {
    name: "driver-too-old",
    remedy:
      "The host's driver is too old for the image's CUDA version. Set minCudaVersion to the image's CUDA version, or use an image for an older CUDA version. If the host has no driver at all, recreate the pod on another host.",
    signs: [
      certain(/NVIDIA driver on your system is too old/i, { quiet: true }),
      likely(/CUDA driver version is insufficient|cudaErrorInsufficientDriver/i),
    ],
  },
  {
    name: "gpu-arch-unsupported",
    remedy:
      "The image does not support this GPU generation. Use an image that does (for Blackwell, one built for CUDA 12.8 or newer), or set other gpuTypeIds.",
    signs: [
      certain(/CUDA capability sm_\d{1,4} is not compatible/, { quiet: true }),
      certain(/no kernel image is available for execution|cudaErrorNoKernelImageForDevice/),
    ],
  },
  {
    name: "dtype-unsupported-gpu",
    remedy:
      "This GPU does not support bfloat16. Add --dtype half to dockerStartCmd, or set gpuTypeIds to GPUs of the Ampere generation or later.",
    signs: [certain(/bfloat16 is (?:only|not) supported on/i)],
  },
  {
    name: "quantization-unsupported-gpu",
    remedy:
      "This GPU is too old for the checkpoint's quantization. Set gpuTypeIds to GPUs with at least the compute capability shown in the line, or choose another checkpoint.",
    signs: [certain(/quantization method .{0,60}not supported for the current GPU/i)],
  },
  {
    name: "accelerator-busy-or-missing",
    remedy:
      "The GPU is present but not available: another process is using it, or the host lost contact with it. Stop the other process, or recreate the pod on another host.",
    signs: [
      certain(/CUDA-capable device.{0,12} busy or unavailable/i),
      certain(/cudaErrorDevicesUnavailable|Device acquire failed/),
    ],
  },
  {
    name: "no-gpu-visible",
    remedy:
      "The server found no GPU. Check that the pod has a GPU (gpuTypeIds and gpuCount, not cpuFlavorIds) and that env does not set CUDA_VISIBLE_DEVICES. Otherwise, recreate the pod on another host.",
    signs: [
      likely(/No HIP GPUs are available/, {
        remedy:
          "The image is built for AMD GPUs (ROCm), and the pod has none. Set imageName to the server's CUDA image.",
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
      "The server runs on the CPU: the driver in the container is missing or incompatible. Recreate the pod on another host, and check that the image does not include its own libcuda.",
    signs: [
      certain(/no compatible GPUs were discovered/, { quiet: true }),
      certain(/"inference compute".{0,40} library=cpu\b/, { quiet: true }),
    ],
  },
  {
    name: "libcuda-missing",
    remedy:
      "The driver's library is not in the container. This is harmless if the pod needs no GPU. Otherwise, recreate the pod on another host, and check that LD_LIBRARY_PATH still includes /lib/x86_64-linux-gnu.",
    signs: [
      likely(/ImportError: libcuda\.so\S{0,4} cannot open shared object file/),
      possible(/libcuda\.so\S{0,4} cannot open shared object file/, { quiet: true }),
    ],
  },
];
