/** A client that others wrote, and what it needs. */
export interface Client {
  readonly registry: "npm" | "PyPI";
  readonly package: string;
  /** Exact, so that every run is of the same client. */
  readonly version: string;
  /** In programs/: what lives with the client, by its public functions alone. */
  readonly program: string;
  /** The variables by which its users point it to another server, as the page lists them. */
  readonly settings: string;
  /** Variables that the emulator does not print, by the name of one that it prints. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export const CLIENTS: readonly Client[] = [
  {
    registry: "npm",
    package: "openai",
    version: "7.59.0",
    program: "use-openai.mjs",
    settings: "`baseURL`",
  },
  {
    registry: "npm",
    package: "runpod-sdk",
    version: "1.1.2",
    program: "use-runpod-sdk.mjs",
    settings: "`baseUrl`, from `RUNPOD_ENDPOINT_BASE_URL`",
  },
  {
    registry: "npm",
    package: "@runpod/mcp-server",
    version: "4.0.0",
    program: "use-mcp-server.mjs",
    settings:
      "`RUNPOD_API_BASE_URL`; `RUNPOD_SERVERLESS_API_URL` as `RUNPOD_ENDPOINT_BASE_URL`; `RUNPOD_PUBLIC_GRAPHQL_URL` and `RUNPOD_AUTHED_GRAPHQL_URL` as `RUNPOD_GRAPHQL_URL`",
    aliases: {
      RUNPOD_SERVERLESS_API_URL: "RUNPOD_ENDPOINT_BASE_URL",
      RUNPOD_PUBLIC_GRAPHQL_URL: "RUNPOD_GRAPHQL_URL",
      RUNPOD_AUTHED_GRAPHQL_URL: "RUNPOD_GRAPHQL_URL",
    },
  },
  {
    registry: "PyPI",
    package: "openai",
    version: "3.57.0",
    program: "use_openai.py",
    settings: "`base_url`",
  },
  {
    registry: "PyPI",
    package: "runpod",
    version: "1.12.0",
    program: "use_runpod.py",
    settings: "`RUNPOD_API_BASE_URL`, `RUNPOD_ENDPOINT_BASE_URL`",
  },
];

/** As lines and tables name it. */
export function titleOf({ registry, package: name }: Client): string {
  return `${name} (${registry})`;
}
