import type { Description, Node, Operation, Place } from "./description";

/** A parameter of an operation, and its value in a request. */
export interface GivenParameter {
  readonly name: string;
  /** "path", "query" or "header". */
  readonly in: string;
  readonly isRequired: boolean;
  readonly schema: Place;
  /** Of its schema's type, if the string can be converted; undefined if it is absent. */
  readonly value: unknown;
}

interface Request {
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
}

/** The parameters of an operation, with the values of a request. */
export function givenParameters(
  description: Description,
  { place, pathParameters }: Operation,
  { url, requestHeaders }: Request,
): GivenParameter[] {
  const query = queryOf(url);
  const lists = [`${place.slice(0, place.lastIndexOf("/"))}/parameters`, `${place}/parameters`];
  const places = lists.flatMap((list) =>
    Object.keys(description.node(list) ?? {}).map((index) =>
      description.resolve(`${list}/${index}`),
    ),
  );
  return places.map((at) => {
    const parameter = description.node(at) ?? {};
    const name = String(parameter["name"]);
    const schema = description.resolve(`${at}/schema`);
    const texts: Record<string, string | undefined> = {
      path: pathParameters[name],
      query: query.has(name) ? query.getAll(name).join(",") : undefined,
      header: requestHeaders[name.toLowerCase()],
    };
    const text = texts[String(parameter["in"])];
    return {
      name,
      in: String(parameter["in"]),
      isRequired: parameter["required"] === true,
      schema,
      value: text === undefined ? undefined : typed(text, description.node(schema)),
    };
  });
}

export function queryOf(url: string): URLSearchParams {
  return new URL(url, "http://any").searchParams;
}

/** Converts a string from a URL or a header to a schema's type; returns the string if it cannot. */
export function typed(text: string, schema: Node = {}): unknown {
  const isNumber = schema["type"] === "integer" || schema["type"] === "number";
  if (isNumber && text.trim() !== "" && !Number.isNaN(Number(text))) {
    return Number(text);
  }
  if (schema["type"] === "boolean" && /^(true|false)$/.test(text)) {
    return text === "true";
  }
  if (schema["type"] === "array") {
    return text.split(",");
  }
  return text;
}
