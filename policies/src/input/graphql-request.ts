import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  parse,
  type ValueNode,
  visit,
} from "graphql";
import { isRecord } from "../known";
import { type GRAPHQL_INPUTS, MUTATIONS } from "./graphql-inputs";
import { limitJson } from "./json";
import type { Path } from "./parsed-document";
import { UnreadableInput } from "./unreadable";

/** The input of a mutation. */
export interface MutationInput {
  readonly what: keyof typeof GRAPHQL_INPUTS;
  readonly input: Readonly<Record<string, unknown>>;
  /** The line of a field within the query, from 1. */
  lineOf(path: Path): number | undefined;
  /** The variable that contains the whole input. */
  readonly variable: string | undefined;
}

type Variables = Readonly<Record<string, unknown>> | undefined;

/** Whether a string is a GraphQL document rather than YAML. */
export function isQuery(text: string): boolean {
  return /^\s*(?:#[^\n]*\n\s*)*(?:mutation|query|fragment)\b[^:\n]*[{(]/.test(text);
}

/**
 * The inputs of the mutations in a GraphQL document.
 * @param variables undefined for a document without a request
 * @throws {UnreadableInput} if it is not GraphQL, or has no mutation that can be checked
 */
export function mutationInputs(file: string, query: string, variables: Variables): MutationInput[] {
  limitJson(file, query);
  const document = parsed(file, query);
  const found: MutationInput[] = [];
  visit(document, {
    Field(node) {
      const { value: name } = node.name;
      const what = Object.hasOwn(MUTATIONS, name) ? MUTATIONS[name] : undefined;
      if (what !== undefined) {
        found.push(inputOf(file, what, node, variables));
      }
    },
  });
  if (found.length > 0) {
    return found;
  }
  throw new UnreadableInput(
    `${file} has no mutation that can be checked. Use one of: ${Object.keys(MUTATIONS).join(", ")}.`,
  );
}

function parsed(file: string, query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: 50_000 });
  } catch (error) {
    if (!(error instanceof GraphQLError)) {
      throw error;
    }
    const [{ line, column } = { line: 1, column: 1 }] = error.locations ?? [];
    throw new UnreadableInput(`${file} is not a GraphQL query: line ${line}, column ${column}.`);
  }
}

function inputOf(
  file: string,
  what: MutationInput["what"],
  { name, arguments: given = [] }: FieldNode,
  variables: Variables,
): MutationInput {
  const node = given.find((one) => one.name.value === "input")?.value;
  const input = node && plainValue(node, variables);
  if (node === undefined || !isRecord(input)) {
    const variable = node?.kind === Kind.VARIABLE ? ` $${node.name.value}` : "";
    throw new UnreadableInput(
      `${file} cannot be checked: the input${variable} of ${name.value} has no value. Check the whole request, {"query": …, "variables": …}.`,
    );
  }
  return {
    what,
    input,
    variable: node.kind === Kind.VARIABLE ? node.name.value : undefined,
    lineOf: (path) => nodeAt(node, path)?.loc?.startToken.line,
  };
}

/** Without variables, a variable counts as a placeholder, not as absent. */
function plainValue(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables === undefined ? `\${${node.name.value}}` : variables[node.name.value];
    case Kind.LIST:
      return node.values.map((item) => plainValue(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name.value, plainValue(value, variables)]),
      );
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    default:
      return node.value;
  }
}

function nodeAt(root: ValueNode, path: Path): ValueNode | undefined {
  return path.reduce<ValueNode | undefined>((node, step) => {
    if (node?.kind === Kind.LIST) {
      return node.values[Number(step)];
    }
    const fields = node?.kind === Kind.OBJECT ? node.fields : [];
    return fields.find(({ name }) => name.value === step)?.value;
  }, root);
}
