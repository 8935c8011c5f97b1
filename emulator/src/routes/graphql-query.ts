import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
} from "graphql";
import { ApiError } from "../core/problem";

export interface GraphqlRequest {
  query: string;
  variables: Record<string, unknown> | null;
  operationName: string | null;
}

const MAX_TOKENS = 2000;
/** Counted after fragments are expanded, because nested fragments multiply. */
const MAX_FIELDS = 2000;

/** The body is JSON whatever its content type is, and its strings may contain raw line breaks. */
export function readRequest(text: string): GraphqlRequest {
  let body: unknown;
  try {
    body = JSON.parse(escapeControls(text));
  } catch {
    throw new ApiError(400, 'expected a JSON body {"query": "…"}');
  }
  const { query, variables = null, operationName = null } = (body ?? {}) as Partial<GraphqlRequest>;
  if (typeof query !== "string") {
    throw new ApiError(400, "the body has no query");
  }
  if (typeof variables !== "object" || Array.isArray(variables)) {
    throw new ApiError(400, "variables must be a JSON object");
  }
  if (operationName !== null && typeof operationName !== "string") {
    throw new ApiError(400, "operationName must be a string");
  }
  return { query, variables, operationName };
}

/** A query that matches the schema and the limits, or what is wrong with it. */
export function readQuery(
  schema: GraphQLSchema,
  query: string,
): { document: DocumentNode } | { errors: readonly GraphQLError[] } {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) {
      return { errors: [error] };
    }
    throw error;
  }
  const errors = validate(schema, document);
  if (errors.length === 0 && fieldsIn(document) > MAX_FIELDS) {
    return { errors: [new GraphQLError(`the query asks for more than ${MAX_FIELDS} fields`)] };
  }
  return errors.length > 0 ? { errors } : { document };
}

/** Escapes control characters inside JSON strings. */
function escapeControls(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*(?:"|\\?$)/gs, (literal) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that JSON forbids
    literal.replace(/[\u0000-\u001f]/g, (control) => JSON.stringify(control).slice(1, -1)),
  );
}

/** Only for a valid document: a fragment that contains itself would never end. */
function fieldsIn({ definitions }: DocumentNode): number {
  const fragments = new Map<string, SelectionSetNode>();
  const counted = new Map<string, number>();
  const fragment = (name: string): number => {
    const known = counted.get(name) ?? count(fragments.get(name));
    counted.set(name, known);
    return known;
  };
  const count = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce((sum, one) => {
      if (one.kind === Kind.FRAGMENT_SPREAD) {
        return sum + fragment(one.name.value);
      }
      return sum + (one.kind === Kind.FIELD ? 1 : 0) + count(one.selectionSet);
    }, 0);
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition.selectionSet);
    }
  }
  return definitions.reduce(
    (sum, one) => sum + (one.kind === Kind.OPERATION_DEFINITION ? count(one.selectionSet) : 0),
    0,
  );
}
