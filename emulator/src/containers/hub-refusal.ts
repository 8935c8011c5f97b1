import { posix } from "node:path";
import { digest, hubCache, inHubCache, isDownloaded } from "./hub";
import type { Environment, Machine } from "./machine";
import { isAssumed, isRepositoryId, type Model, missingIn } from "./models";
import { soundsAbsent } from "./publishers";

/** What a program asks the hub for. */
interface HubQuery {
  id: string;
  /** Null if the hub has no such repository. */
  model: Model | null;
  /** @default main */
  revision?: string | undefined;
  /** The folder that is looked into first. @default the hub's cache */
  cache?: string | undefined;
}

/**
 * Why the hub refuses a repository, as the end of its client's traceback; null if it does not refuse.
 * A repository that is only assumed to exist is announced in the logs, or refused by `--strict-hub`.
 */
export function hubRefusal(machine: Machine, env: Environment, query: HubQuery): string[] | null {
  const { id, model, revision = "main" } = query;
  if (model !== null && posix.isAbsolute(id)) {
    return null;
  }
  const isKept =
    model !== null &&
    isDownloaded(machine, {
      ...inHubCache(model, query.cache ?? hubCache(env)),
      prefix: "",
    });
  if (isSet(env["HF_HUB_OFFLINE"]) || isSet(env["TRANSFORMERS_OFFLINE"])) {
    return isKept ? null : offline(id);
  }
  const token = env["HF_TOKEN"] || env["HUGGING_FACE_HUB_TOKEN"] || "";
  const hasValidToken = isValidToken(token);
  const request = `(Request ID: Root=1-${digest(id).slice(0, 8)}-${digest(id).slice(8, 32)})`;
  const url = `https://huggingface.co/${id}/resolve/${encodeURIComponent(revision)}/config.json`;
  if (!isRepositoryId(id)) {
    return invalidId(id);
  }
  const isMissing = model === null || (machine.strictHub && isAssumed(id));
  if (isMissing) {
    return notFound(id, url, request, hasValidToken ? "" : credentials(token));
  }
  if (model.gated && !hasValidToken) {
    return gated(id, url, request);
  }
  if (token !== "" && !hasValidToken) {
    return unauthorized(id, url, request);
  }
  if (!hasRevision(id, revision)) {
    return noRevision(id, revision, url, request);
  }
  if (isAssumed(id)) {
    machine.announce(
      `The model ${id} is unknown to the emulator and is served as if it existed, with a size taken from its name. Check that Hugging Face has it, or start the emulator with --strict-hub to refuse it.`,
    );
  }
  return null;
}

/** What Hugging Face's transformers miss in a repository that is no language model; null if it is one. */
export function incomplete(id: string): string[] | null {
  switch (missingIn(id)) {
    case "config.json":
      return [
        `OSError: ${id} does not appear to have a file named config.json. Checkout 'https://huggingface.co/${id}/tree/main' for available files.`,
      ];
    case "model_type":
      return [
        `ValueError: Unrecognized model in ${id}. Should have a \`model_type\` key in its config.json.`,
      ];
    default:
      return null;
  }
}

/** Real tokens begin with `hf_`. RunPod puts its secrets in, the emulator leaves their names. */
function isValidToken(token: string): boolean {
  const soundsInvalid = /garbage|invalid|wrong|bad|expired|revoked/i.test(token);
  return (/^hf_\w+$/.test(token) && !soundsInvalid) || token.includes("RUNPOD_SECRET_");
}

/**
 * Known repositories have a main branch and commits, and the hub keeps their pull requests. A commit
 * needs its full hash (https://huggingface.co/docs/huggingface_hub/guides/download).
 */
function hasRevision(id: string, revision: string): boolean {
  const isCommit = /^[0-9a-f]{40}$/.test(revision) && !/^(.)\1*$/.test(revision);
  const isReference = /^(?:main|refs\/pr\/[1-9]\d{0,3}|refs\/convert\/\w+)$/.test(revision);
  return isCommit || isReference || (isAssumed(id) && !soundsAbsent(revision));
}

/** As the hub's client reads its switches. */
function isSet(value: string | undefined): boolean {
  return /^(?:1|on|yes|true)$/i.test(value ?? "");
}

function credentials(token: string): string {
  return token === ""
    ? "Invalid username or password."
    : "Invalid credentials in Authorization header";
}

function notFound(id: string, url: string, request: string, reason: string): string[] {
  return [
    `huggingface_hub.errors.RepositoryNotFoundError: ${reason ? 401 : 404} Client Error. ${request}`,
    "",
    `Repository Not Found for url: ${url}.`,
    "Please make sure you specified the correct `repo_id` and `repo_type`.",
    "If you are trying to access a private or gated repo, make sure you are authenticated. For more details, see https://huggingface.co/docs/huggingface_hub/authentication",
    ...(reason ? [reason] : []),
    "",
    `OSError: ${id} is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'`,
    "If this is a private repository, make sure to pass a token having permission to this repo either by logging in with `hf auth login` or by passing `token=<your_token>`",
  ];
}

/** The words of huggingface_hub's validate_repo_id and of the cached_file of transformers. */
function invalidId(id: string): string[] {
  const rule =
    id.split("/").length > 2
      ? `Repo id must be in the form 'repo_name' or 'namespace/repo_name': '${id}'. Use \`repo_type\` argument if needed.`
      : `Repo id must use alphanumeric chars, '-', '_' or '.'. The name cannot start or end with '-' or '.' and the maximum length is 96: '${id}'.`;
  return [
    `huggingface_hub.errors.HFValidationError: ${rule}`,
    "",
    `OSError: Incorrect path_or_model_id: '${id}'. Please provide either the path to a local directory or the repo_id of a model on the Hub.`,
  ];
}

function gated(id: string, url: string, request: string): string[] {
  return [
    `huggingface_hub.errors.GatedRepoError: 401 Client Error. ${request}`,
    "",
    `Cannot access gated repo for url ${url}.`,
    `Access to model ${id} is restricted. You must have access to it and be authenticated to access it. Please log in.`,
    "",
    "OSError: You are trying to access a gated repo.",
    `Make sure to have access to it at https://huggingface.co/${id}.`,
  ];
}

function unauthorized(id: string, url: string, request: string): string[] {
  const reason = `401 Client Error: Unauthorized for url: ${url} ${request}`;
  return [
    `huggingface_hub.errors.HfHubHTTPError: ${reason}`,
    "",
    "Invalid credentials in Authorization header",
    "",
    `OSError: There was a specific connection error when trying to load ${id}:`,
    reason,
    "",
    "Invalid credentials in Authorization header",
  ];
}

function noRevision(id: string, revision: string, url: string, request: string): string[] {
  return [
    `huggingface_hub.errors.RevisionNotFoundError: 404 Client Error. ${request}`,
    "",
    `Revision Not Found for url: ${url}.`,
    "",
    `OSError: ${revision} is not a valid git identifier (branch name, tag name or commit id) that exists for this model name. Check the model page at 'https://huggingface.co/${id}' for available revisions.`,
  ];
}

function offline(id: string): string[] {
  return [
    `huggingface_hub.errors.OfflineModeIsEnabled: Cannot reach https://huggingface.co/api/models/${id}/revision/main: offline mode is enabled. To disable it, please unset the \`HF_HUB_OFFLINE\` environment variable.`,
    "",
    "The above exception was the direct cause of the following exception:",
    "",
    "huggingface_hub.errors.LocalEntryNotFoundError: Cannot find an appropriate cached snapshot folder for the specified revision on the local disk and outgoing traffic has been disabled. To enable repo look-ups and downloads online, pass 'local_files_only=False' as input.",
  ];
}
