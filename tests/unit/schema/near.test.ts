import { nearest } from "../../../provider/src/schema/near";

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
  "%j is known, or near nothing",
  (name) => {
    expect(nearest(name, known)).toBeUndefined();
  },
);
