// Writes openapi/src/generated from the vendored descriptions and their patches. The same
// input gives the same bytes: CI generates them again and compares.
// usage: node tools/generate/generate.mts
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createClient, type UserConfig } from "@hey-api/openapi-ts";
import { openEnumerations, tolerant } from "./answers.mts";
import { type Json, onlySchemas } from "./document.mts";
import { patched } from "./patch.mts";

/** The schemas that the provider reads and sends. The rest of the descriptions is left out. */
const V2_ANSWERS = [
  "ListPodsResponse",
  "ListTemplatesResponse",
  "ListNetworkVolumesResponse",
  "ListEndpointWorkersResponse",
  "ListEndpointsResponse",
  "ListGpuTypesResponse",
  "ListCpuTypesResponse",
  "ListDataCentersResponse",
  "ListEndpointsResponse",
  "ListEndpointWorkersResponse",
  "ListEndpointReleasesResponse",
  "ListSecretsResponse",
  "ListRegistriesResponse",
  "ListDelegationsResponse",
  "SshKeys",
  "ListTagsResponse",
  "ListCostCentersResponse",
  "ListGlobalVolumesResponse",
  "ListClustersResponse",
];
const V2_REQUESTS = [
  "CreatePodRequest",
  "UpdatePodRequest",
  "PodAction",
  "CreateTemplateRequest",
  "UpdateTemplateRequest",
  "CreateNetworkVolumeRequest",
  "UpdateNetworkVolumeRequest",
  "CreateEndpointRequest",
  "UpdateEndpointRequest",
  "CreateSecretRequest",
  "UpdateSecretRequest",
  "CreateRegistryRequest",
  "CreateDelegationRequest",
  "UpdateSshKeysRequest",
  "CreateTagRequest",
  "UpdateTagRequest",
  "CreateCostCenterRequest",
  "UpdateCostCenterRequest",
  "CreateGlobalVolumeRequest",
  "UpdateGlobalVolumeRequest",
  "CreateClusterRequest",
  "UpdateClusterRequest",
];

type Plugin = NonNullable<UserConfig["plugins"]>[number];

const source = path.join(import.meta.dirname, "../../openapi/src");
const scratch = mkdtempSync(path.join(tmpdir(), "runpod-stack-generate-"));
try {
  const v2 = correct("v2");
  const open = openEnumerations(v2, V2_ANSWERS, V2_REQUESTS);
  const exchanged = onlySchemas(v2, [...V2_ANSWERS, ...V2_REQUESTS]);
  const answered = tolerant(onlySchemas(v2, V2_ANSWERS));
  const types = await run(exchanged, { name: "@hey-api/typescript", comments: false });
  const validators = await run(answered, { name: "zod", comments: false });
  writeFileSync(path.join(source, "generated/types.ts"), openTypes(types, open));
  writeFileSync(path.join(source, "generated/validators.ts"), withoutNull(validators));
  correct("v1");
} finally {
  rmSync(scratch, { recursive: true });
}

/** A vendored description with its patches applied. Writes it for validators, too. */
function correct(version: string): Json {
  const read = (folder: string) =>
    JSON.parse(readFileSync(path.join(source, folder, `${version}.json`), "utf8"));
  const description = patched(read("published"), read("patches"));
  const folder = path.join(source, "generated/openapi");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${version}.json`), `${JSON.stringify(description, null, 1)}\n`);
  return description;
}

/** The file that a plugin of the generator makes from a description. */
async function run(input: Json, plugin: Plugin): Promise<string> {
  const folder = mkdtempSync(path.join(scratch, "plugin-"));
  await createClient({
    input,
    output: { path: folder, entryFile: false },
    logs: { level: "silent", file: false },
    plugins: [plugin],
  });
  const [file = ""] = readdirSync(folder);
  return readFileSync(path.join(folder, file), "utf8");
}

/** Lets the named enumerations have values that are not in the description. */
function openTypes(source: string, names: ReadonlySet<string>): string {
  return source.replace(
    /^export type (\w+) = ('[^;]*');$/gm,
    (whole, name: string, values: string) =>
      names.has(name) ? `export type ${name} = ${values} | (string & {});` : whole,
  );
}

/** An answer's null where none is described is as good as a missing field. */
function withoutNull(source: string): string {
  return source.replaceAll(".optional()", ".nullish().transform((value) => value ?? undefined)");
}
