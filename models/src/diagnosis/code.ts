import { type Cause, certain, likely, possible } from "./cause";

/** CUDA's libraries. libcuda, the driver's library, has a separate cause. */
const LIBRARY =
  /\blib(?:cudart|cublas|cudnn|nvrtc|nvJitLink|cufft|curand|cusparse|cusolver|cupti|nccl|torch|c10|mpi|stdc\+\+|gomp)\w{0,30}\.so/;
/** Printed by programs that continue without an optional part. */
const OPTIONAL = {
  pattern:
    /\bignor(?:e|ed|ing)\b|Could not import|Falling back|\bskipp(?:ed|ing)\b|Cannot import .{0,300}for custom nodes/i,
  lines: 0,
};

/** Causes in compiled code: building it, loading it, and sharing CUDA between processes. */
export const CODE_CAUSES: readonly Cause[] = [
  {
    name: "cuda-before-fork",
    remedy:
      "CUDA was used before the server forked its workers. Set VLLM_WORKER_MULTIPROC_METHOD=spawn in env, and do not use CUDA in your own script before it starts the server.",
    signs: [certain(/Cannot re-?initialize CUDA in (?:a )?forked subprocess/i)],
  },
  {
    name: "binary-abi-mismatch",
    remedy:
      "Compiled packages in the image are incompatible: one was built for another release of PyTorch, CUDA or the C library. Use a released imageName without installing packages on top of it, or pin the packages to the image's versions.",
    signs: [
      certain(/undefined symbol: \w/, { unlessNear: OPTIONAL }),
      certain(/version [`'"](?:GLIBC|CXXABI)\w{0,4}_[\d.]{1,12}['"] not found/, {
        unlessNear: OPTIONAL,
      }),
      certain(/cannot open shared object file|Unable to load any of|Could not load library/, {
        near: { pattern: LIBRARY, lines: 0 },
        unlessNear: OPTIONAL,
      }),
      likely(
        /(?:ImportError|OSError|error while loading shared libraries): lib(?!cuda\.|nvidia)[+\w-]{1,60}\.so\S{0,20}: cannot open/,
        {
          remedy:
            "The image lacks the library named in the line. Use an imageName that includes it, or install it before the server starts.",
          unlessNear: { pattern: /custom_?nodes?\b/, lines: 40 },
        },
      ),
      certain(/'_OpNamespace' '\w{1,40}' object has no attribute/),
      certain(/compiled with different CUDA (?:major )?versions/),
      certain(/operator torchvision::nms does not exist|numpy\.dtype size changed/),
      likely(/\[sgl_kernel\] CRITICAL|Could not load any common_ops library/),
      possible(/Failed to import from vllm\._C\b.{0,300}(?:undefined symbol|libcudart)/, {
        quiet: true,
      }),
    ],
  },
  {
    name: "kernel-compile-failed",
    remedy:
      "The server could not compile a GPU kernel at startup: the image has no compiler, or an incompatible one. Use an imageName with the CUDA toolkit (a devel tag) or a released server image. To avoid the kernel instead, set VLLM_USE_FLASHINFER_SAMPLER=0 in env, choose another attention backend, or add --enforce-eager.",
    signs: [
      certain(/Error building extension '|ninja: build stopped|Ninja build failed/i),
      certain(/Command '?\[.{0,20}ninja\b.{0,300}returned non-zero exit status/),
      certain(
        /Ninja is required to load C\+\+ extensions|No such file or directory: '(?:\S{0,100}\/)?(?:ninja|nvcc|ptxas)'/,
      ),
      certain(/CUDA_HOME environment variable is not set|Could not find (?:nvcc|CUDA_HOME)/),
      certain(/\bnvcc: (?:command )?not found|\bnvcc fatal\s{0,4}:|\bptxas (?:fatal|error)/),
      certain(/Failed to find C compiler|Internal Triton PTX codegen error/),
      certain(
        /fatal error: (?:Python\.h|cuda\w{0,30}\.h|nv\/target|stddef\.h|math\.h|\S{1,60}\.cuh?): No such file/,
      ),
      certain(/(?:gcc|g\+\+|clang|cc1plus|nvcc)'.{0,300}returned non-zero exit status/),
      certain(/NVCC compilation failed|Cannot find NVCC compiler|NVRTC_ERROR_COMPILATION/),
      likely(/InductorError: |triton\.compiler\.errors\.CompilationError|PTXASError/),
    ],
  },
];
