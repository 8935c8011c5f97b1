import { type Cause, certain, likely, possible } from "./cause";

/** A program that looks a name up, fails and goes on with another one shows nothing about the server. */
const FALLBACK = { pattern: /Falling back to/, lines: 3 };
const NO_SUCH_MODEL = /is not a local folder and is not a valid model identifier/;

/** The Hugging Face hub, and the other stores that models are fetched from. */
export const HUB_CAUSES: readonly Cause[] = [
  {
    name: "model-gated-not-authorized",
    remedy:
      "The token is valid, but its account may not read this model. Accept the terms on the model's page with the account that owns HF_TOKEN, wait until access is granted, then restart the pod.",
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
      "The model exists, this revision of it does not. Name a branch, tag or commit from the model's page, or drop --revision.",
    signs: [
      certain(/RevisionNotFoundError|Revision Not Found for url|is not a valid git identifier/),
    ],
  },
  {
    name: "model-file-not-found",
    remedy:
      "No model lies at this path. Correct it, and check that volumeMountPath is the folder where the model was stored: a volume hides what the image has there.",
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
      "The hub knows no model of this name, or hides it. Correct the name (check that the variable which fills it is not empty); for a private model set HF_TOKEN in env.",
    signs: [
      certain(/RepositoryNotFoundError|Repository Not Found for url/, { unlessNear: FALLBACK }),
      certain(/Invalid repository ID or local directory|pull model manifest: file does not exist/),
      certain(NO_SUCH_MODEL, { unlessNear: FALLBACK }),
      possible(NO_SUCH_MODEL, {
        near: FALLBACK,
        remedy:
          "The hub knows no model of this name, and the program went on with another one. Give it the true name if what it computes matters.",
      }),
    ],
  },
  {
    name: "hub-token-invalid",
    remedy:
      "The hub rejects the token: it is revoked, expired or mistyped. Replace HF_TOKEN in env (or the RunPod secret behind it).",
    signs: [
      certain(/Invalid credentials in Authorization header|Invalid user token/i),
      likely(/Invalid username or password/),
    ],
  },
  {
    name: "hub-rate-limited",
    remedy:
      "The hub counts anonymous downloads by address, and a cloud's addresses are shared. Set HF_TOKEN in env and restart, or keep the model on a volume.",
    signs: [
      certain(/429 Client Error|pull model manifest: 429/),
      certain(/We had to rate limit you/),
    ],
  },
  {
    name: "hub-offline-mode",
    remedy:
      "Offline mode is on and the cache lacks a file. Remove HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE from env, or put the whole model into the cache first.",
    signs: [
      certain(/OfflineModeIsEnabled|offline mode is enabled|outgoing traffic has been disabled/),
    ],
  },
  {
    name: "hub-unreachable",
    remedy:
      "The container could not reach the hub. Restart the pod; if it repeats, try other dataCenterIds, check proxy settings in env, or keep the model on a volume.",
    signs: [
      likely(/couldn't connect to .{0,12}huggingface\.co/),
      likely(/(?:Failed to resolve|Max retries exceeded|name resolution).{0,200}huggingface\.co/),
      likely(/huggingface\.co.{0,200}(?:Failed to resolve|Max retries exceeded|name resolution)/),
    ],
  },
  {
    name: "hub-download-interrupted",
    remedy:
      "The download broke off on the network. Restart the pod: with the cache on a volume it goes on where it stopped. If it repeats, set HF_HUB_DISABLE_XET=1 in env.",
    signs: [likely(/CAS service error/), likely(/IncompleteRead|Consistency check failed/)],
  },
  {
    name: "hf-transfer-failed",
    remedy:
      "hf_transfer hides why the download failed. Set HF_HUB_ENABLE_HF_TRANSFER=0 in env and restart; the next log then names the disk, the network or a permission.",
    signs: [likely(/error occurred while downloading using .{0,3}hf_transfer/i)],
  },
];
