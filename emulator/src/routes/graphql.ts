import { type DocumentNode, execute, GraphQLError, getOperationAST, Kind } from "graphql";
import { Hono } from "hono";
import { ApiError } from "../core/problem";
import { allows } from "../http/key-rights";
import type { Env, Services } from "../http/services";
import { missingKey } from "../middleware/authenticate";
import { publicTemplates } from "../objects/templates";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { DATA_CENTERS, GPU_TYPES } from "../stock/catalog";
import { SERVERLESS_POOLS } from "../stock/serverless-pools";
import { mutations } from "./graphql-mutations";
import { readQuery, readRequest } from "./graphql-query";
import { schema } from "./graphql-schema";
import { dataCenterView, gpuTypeView, podView, templateView, userView } from "./graphql-views";

/** `/graphql`: the balance, the telemetry that guides show, and a pod's life as older clients run it. */
export function graphqlRoutes({ world }: Services): Hono<Env> {
  const app = new Hono<Env>();

  app.post("/", async (c) => {
    // Absent without a key.
    const account: Account | undefined = c.get("account");
    const { query, variables, operationName } = readRequest(c.get("text"));
    const read = readQuery(schema, query);
    if ("errors" in read) {
      return c.json(read);
    }
    if (!account && !isPublic(read.document)) {
      throw missingKey();
    }
    const action = isMutation(read.document, operationName) ? "write" : "read";
    if (account && !allows(c.get("rights"), "graphql", action)) {
      throw new ApiError(403, "access denied");
    }
    const { data, errors } = await execute({
      schema,
      document: read.document,
      variableValues: variables,
      operationName,
      rootValue: {
        ...catalog(world),
        ...(account && { ...queries(world, account), ...mutations(world, account) }),
      },
    });
    return c.json({ ...(errors && { errors: errors.map(asRunpod) }), data });
  });

  return app;
}

function queries(world: World, account: Account) {
  return {
    pod: ({ input }: { input?: { podId?: string } }) => {
      const pod = account.pods.read(input?.podId ?? "");
      return pod ? podView(world, account, pod) : null;
    },
    myself: () => userView(world, account),
    // RunPod's own templates are not emulated.
    podTemplates: ({ input }: { input?: { isRunpod?: boolean } }) =>
      input?.isRunpod ? [] : publicTemplates(world).map(templateView),
  };
}

function catalog(world: World) {
  return {
    gpuTypes: ({ input }: { input?: { id?: string; ids?: string[] } }) => {
      const ids = input?.ids ?? (input?.id ? [input.id] : null);
      return GPU_TYPES.filter(({ id }) => ids === null || ids.includes(id)).map((type) =>
        gpuTypeView(world, type),
      );
    },
    dataCenters: () => DATA_CENTERS.map((dataCenter) => dataCenterView(world, dataCenter)),
    serverlessGpuPools: () => SERVERLESS_POOLS,
  };
}

/** RunPod answers these without a key. */
const PUBLIC = ["gpuTypes"];

function isPublic({ definitions }: DocumentNode): boolean {
  return definitions.every(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.selectionSet.selections.every(
        (field) => field.kind === Kind.FIELD && PUBLIC.includes(field.name.value),
      ),
  );
}

function isMutation(document: DocumentNode, operationName: string | null): boolean {
  return getOperationAST(document, operationName)?.operation === "mutation";
}

/** RunPod marks its own refusals. */
function asRunpod(error: GraphQLError): GraphQLError {
  const { message, path, originalError } = error;
  return originalError instanceof ApiError
    ? new GraphQLError(message, { path, originalError, extensions: { code: "RUNPOD" } })
    : error;
}
