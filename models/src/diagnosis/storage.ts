import { type Cause, certain, likely } from "./cause";

const VOLUME_FOLDER = /\/(?:workspace|runpod-volume|mnt|data|models)\b/;
const NO_PERMISSION =
  /Permission denied|PermissionError at|Read-only file system|(?:Errno|os error) (?:13|30)\b/i;
const CACHE =
  /cache|hugging ?face|\bhub\b|when downloading|Data processing error|\/\.(?:config|local|triton|nv|ollama|vllm|lmstudio)\b|\/(?:data|models?|workspace|runpod-volume)\b/i;
/** Printed by programs that continue without the cache. */
const IGNORED = { pattern: /\bignor(?:e|ed|ing)\b/i, lines: 0 };

/** Causes in volumes and folders that the server cannot read or write. */
export const STORAGE_CAUSES: readonly Cause[] = [
  {
    name: "network-volume-unreachable",
    remedy:
      "The volume's storage does not respond. Wait a few minutes, then stop and start the pod (desiredStatus). If it happens again, check RunPod's status page, and recreate the pod with another networkVolumeId, if necessary in other dataCenterIds.",
    signs: [
      certain(/Stale (?:NFS )?file handle|Transport endpoint is not connected/i),
      certain(/\bHost is down\b/i, {
        unlessNear: { pattern: /\bdial\b|https?:|\bconnect(?:ing)? to\b/i, lines: 0 },
      }),
      certain(/(?:Errno|os error) (?:107|112|116|121)\b|Remote I\/O error/),
      likely(/Input\/output error|(?:Errno|os error) 5\b/, {
        near: { pattern: VOLUME_FOLDER, lines: 0 },
      }),
    ],
  },
  {
    name: "cache-not-writable",
    remedy:
      "The server has no permission to write to its cache. Set HF_HOME in env (for Ollama, OLLAMA_MODELS) to a folder under volumeMountPath that the server's user can write to, or use an imageName that runs as root.",
    signs: [
      certain(NO_PERMISSION, {
        near: { pattern: CACHE, lines: 0 },
        unlessNear: {
          pattern: /\bignor(?:e|ed|ing)\b|\bexec:? |publickey|docker\.sock/i,
          lines: 0,
        },
      }),
      likely(/problem when trying to write in your cache folder/, { unlessNear: IGNORED }),
      likely(/Read-only file system|(?:Errno|os error) 30\b/, { unlessNear: IGNORED }),
    ],
  },
];
