import {
  clusterFields,
  type Field,
  podEndpointFields,
  podFields,
  serverlessEndpointFields,
  templateFields,
  volumeFields,
} from "../../../provider/src/schema";

const tables: readonly [string, Record<string, Field>][] = [
  ["Pod", podFields],
  ["Template", templateFields],
  ["Volume", volumeFields],
  ["PodEndpoint", podEndpointFields],
  ["ServerlessEndpoint", serverlessEndpointFields],
  ["Cluster", clusterFields],
];

describe.each(tables)("the field table of a %s", (_, table) => {
  const rows = Object.entries(table);

  test("has a way to clear for each field that can be cleared, and only for those", () => {
    const withCleared = rows.filter(([, row]) => Object.hasOwn(row, "cleared"));
    const clearing = rows.filter(([, row]) => row.removal === "clear");
    expect(clearing.map(([name]) => name)).toEqual(withCleared.map(([name]) => name));
  });

  test("has only defaults that a program may set as well", () => {
    for (const [, { value, default: standard }] of rows) {
      if (standard !== undefined) {
        expect(value.parse(standard)).toBe(standard);
      }
    }
  });

  test("requires a value, or has a default, never both", () => {
    expect(rows.filter(([, row]) => row.required && row.default !== undefined)).toEqual([]);
  });

  test("sends no two inputs to the same place", () => {
    const places = rows.flatMap(([, { wire }]) => wire ?? []);
    expect(new Set(places).size).toBe(places.length);
  });

  test("removes no value in place that only a replacement can change", () => {
    const contradicting = rows.filter(
      ([, { change, removal }]) => change === "replace" && removal === "clear",
    );
    expect(contradicting).toEqual([]);
  });
});

test("secrets are sealed: env value by value, the service's key as a whole", () => {
  const secret = tables.flatMap(([kind, table]) =>
    Object.entries(table).flatMap(([name, row]) =>
      row.secret ? [`${kind}.${name} ${row.secret}`] : [],
    ),
  );
  expect(secret).toEqual([
    "Pod.env values",
    "Template.env values",
    "PodEndpoint.apiKey whole",
    "ServerlessEndpoint.env values",
    "Cluster.env values",
  ]);
});
