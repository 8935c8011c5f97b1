import { type Cause, certain, likely, possible } from "./cause";

/** A program that fails to look up one name and falls back to another proves nothing about the server. */
const FALLBACK = { pattern: /Falling back to/, lines: 3 };
const NO_SUCH_MODEL = /is not a local folder and is not a valid model identifier/;

/** Causes in the Hugging Face hub and other model stores. */
export const HUB_CAUSES: readonly Cause[] = [
  {
    name: "model-gated-not-authorized",
    remedy:
      "The token is valid, but its account has no access to this model. Accept the terms on the model's page with the account that owns HF_TOKEN, wait until access is granted, then restart the pod.",
    signs: [
      certain(/GatedRepoError: 403|not in the authorized list/),
      certain(/request to access model .{0,200}(?:awaiting|rejected)/),
    ],
  },
  {
    name: "model-gated-no-token",
    remedy:
      "The model is gated and no valid token reached the container. Set HF_TOKEN in env to a token whose account has accepted the model's terms.",
    signs: [
      certain(/GatedRepoError: 401|be authenticated to access it/),
      likely(/Cannot access gated repo|trying to access a gated repo/),
    ],
  },
  {
    name: "model-revision-missing",
    remedy:
      "The model exists, but this revision does not. Use a branch, tag or commit from the model's page, or remove --revision.",
    signs: [
      certain(/RevisionNotFoundError|Revision Not Found for url|is not a valid git identifier/),
    ],
  },
  {
    name: "model-file-not-found",
    remedy:
      "There is no model at this path. Correct the path, and check that volumeMountPath is the folder where the model was stored: a mounted volume hides the image's files in that folder.",
    signs: [
      certain(/Repo id must .{0,200}'\.{0,2}\//, {
        unlessNear: { pattern: /Error retrieving (?:safetensors|file list)/, lines: 0 },
      }),
      certain(/Cannot find any model weights with /),
      likely(
        /failed to load model,? '|failed to open GGUF file|gguf_init_from_file: failed to open/,
      ),
    ],
  },
  {
    name: "model-not-found",
    remedy:
      "The hub has no model with this name, or the model is private. Correct the name (if it comes from a variable, check that the variable is not empty); for a private model, set HF_TOKEN in env.",
    signs: [
      certain(/RepositoryNotFoundError|Repository Not Found for url/, { unlessNear: FALLBACK }),
      certain(/Invalid repository ID or local directory|pull model manifest: file does not exist/),
      certain(/HFValidationError: (?:Repo id must|Cannot have)/, { unlessNear: FALLBACK }),
      certain(NO_SUCH_MODEL, { unlessNear: FALLBACK }),
      possible(NO_SUCH_MODEL, {
        near: FALLBACK,
        remedy:
          "The hub has no model with this name, and the program fell back to another one. Correct the name if the program's results matter.",
      }),
    ],
  },
  {
    name: "hub-token-invalid",
    remedy:
      "The hub rejects the token: it is revoked, expired or mistyped. Replace HF_TOKEN in env, or the RunPod secret that it refers to.",
    signs: [
      certain(/Invalid credentials in Authorization header|Invalid user token/i),
      likely(/Invalid username or password/),
    ],
  },
  {
    name: "hub-rate-limited",
    remedy:
      "The hub limits anonymous downloads per IP address, and cloud IP addresses are shared. Set HF_TOKEN in env and restart the pod, or keep the model on a volume.",
    signs: [
      certain(/429 Client Error|pull model manifest: 429/),
      certain(/We had to rate limit you/),
    ],
  },
  {
    name: "hub-offline-mode",
    remedy:
      "Offline mode is on, and the cache lacks a file. Remove HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE from env, or download the whole model to the cache first.",
    signs: [
      certain(/OfflineModeIsEnabled|offline mode is enabled|outgoing traffic has been disabled/),
    ],
  },
  {
    name: "hub-unreachable",
    remedy:
      "The container could not reach the hub. Restart the pod. If it happens again, try other dataCenterIds, check the proxy settings in env, or keep the model on a volume.",
    signs: [
      likely(/couldn't connect to .{0,12}huggingface\.co/),
      likely(/(?:Failed to resolve|Max retries exceeded|name resolution).{0,200}huggingface\.co/),
      likely(/huggingface\.co.{0,200}(?:Failed to resolve|Max retries exceeded|name resolution)/),
    ],
  },
  {
    name: "hub-download-interrupted",
    remedy:
      "A network error interrupted the download. Restart the pod: with the cache on a volume, the download resumes where it stopped. If it happens again, set HF_HUB_DISABLE_XET=1 in env.",
    signs: [likely(/CAS service error/), likely(/IncompleteRead|Consistency check failed/)],
  },
  {
    name: "hf-transfer-failed",
    remedy:
      "hf_transfer hides why the download failed. Set HF_HUB_ENABLE_HF_TRANSFER=0 in env and restart the pod; the next log then shows whether the disk, the network or a permission is at fault.",
    signs: [likely(/error occurred while downloading using .{0,3}hf_transfer/i)],
  },
];
