import type { Description, Place } from "./description";

/**
 * JSON pointers of all properties in a value that its schema does not describe. OpenAPI allows them
 * in an answer, but a client written from the description would not know them.
 */
export function undescribed(
  description: Description,
  schema: Place,
  value: unknown,
  pointer = "",
): string[] {
  if (Array.isArray(value)) {
    const items = parts(description, schema).map((part) => `${part}/items`);
    const [described] = items.filter((place) => description.node(place) !== undefined);
    if (described === undefined) {
      return [];
    }
    return value.flatMap((item, index) =>
      undescribed(description, described, item, `${pointer}/${index}`),
    );
  }
  if (value === null || typeof value !== "object") {
    return [];
  }
  const all = parts(description, schema);
  const objects = all.filter((part) => description.node(part)?.["properties"] !== undefined);
  // A map of free names.
  if (objects.length === 0) {
    return [];
  }
  return Object.entries(value).flatMap(([name, item]) => {
    const [place] = objects
      .map((part) => `${part}/properties/${name}`)
      .filter((candidate) => description.node(candidate) !== undefined);
    const here = `${pointer}/${name}`;
    return place === undefined ? [here] : undescribed(description, place, item, here);
  });
}

/** The schema itself and all that it includes. */
function parts(description: Description, schema: Place): Place[] {
  const place = description.resolve(schema);
  const inner = ["allOf", "anyOf", "oneOf"].flatMap((keyword) =>
    Object.keys(description.node(`${place}/${keyword}`) ?? {}).flatMap((index) =>
      parts(description, `${place}/${keyword}/${index}`),
    ),
  );
  return [place, ...inner];
}
