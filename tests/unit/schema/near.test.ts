import { DATA_CENTER_IDS, GPU_TYPE_IDS } from "../../../provider/src/schema";
import { misspelt, nearest } from "../../../provider/src/schema/near";

const known = ["apiKey", "apiUrl", "graphqlUrl", "proxyUrl"];

test.each([
  ["apikey", "apiKey"],
  ["api-key", "apiKey"],
  ["API_KEY", "apiKey"],
  ["apiKye", "apiKey"],
  ["apiKeys", "apiKey"],
  ["apKey", "apiKey"],
  ["apiURL", "apiUrl"],
  ["apiUri", "apiUrl"],
  ["graphUrl", "graphqlUrl"],
  ["proxyURLs", "proxyUrl"],
])("%s is near %s", (name, meant) => {
  expect(nearest(name, known)).toBe(meant);
});

test.each(["apiKey", "apiUrl", "token", "key", "url", "region", "apiVersion", "", "dataCenter"])(
  "%j is known, or has no near id",
  (name) => {
    expect(nearest(name, known)).toBeUndefined();
  },
);

describe("an id of RunPod's catalog is misspelled", () => {
  const ids = [...GPU_TYPE_IDS, ...DATA_CENTER_IDS];

  test.each([
    ["NVIDIA L4O", "NVIDIA L40"],
    ["nvidia l40s", "NVIDIA L40S"],
    ["NVIDIA-H200", "NVIDIA H200"],
    ["NVIDA A40", "NVIDIA A40"],
    ["NVIDIA Gefroce RTX 4090", "NVIDIA GeForce RTX 4090"],
    ["NVIDIA RTX 4000 Ada Generaton", "NVIDIA RTX 4000 Ada Generation"],
    ["EU-R0-1", "EU-RO-1"],
    ["EURO1", "EU-RO-1"],
    ["US-TX-l", "US-TX-1"],
  ])("as %s for %s", (id, meant) => {
    expect(misspelt(id, ids)).toEqual([meant]);
  });

  test.each([
    "NVIDIA L40",
    "NVIDIA L40G",
    "NVIDIA H300",
    "NVIDIA B100",
    "NVIDIA GeForce RTX 5070",
    "NVIDIA RTX 6000 Rubin Generation",
    "AMD Instinct MI325X OAM",
    "EU-ES-1",
    "EU-SE-2",
    "US-NV-1",
    "",
  ])("but not as %j, which is known or may be new", (id) => {
    expect(misspelt(id, ids)).toEqual([]);
  });
});
