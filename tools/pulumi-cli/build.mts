import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { BESIDE_CLI, EXECUTABLE, GO_MODULE, SDK_FOLDER } from "./paths.mts";
import { runChild } from "./processes.mts";
import { publishFolder } from "./publish.mts";
import { PULUMI_VERSION } from "./version.mts";

export interface BuildOptions {
  /** The folder for the CLI and its programs. */
  folder: string;
  env: NodeJS.ProcessEnv;
  report: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Builds the Pulumi CLI from its Go modules, as `go/go.mod` and `go/go.sum` pin them.
 * Rejects if there is no Go, or if it cannot get or compile the modules.
 */
export async function buildPulumi({ folder, env, report, signal }: BuildOptions): Promise<void> {
  const child = { cwd: GO_MODULE, env: { ...env, GOWORK: "off", CGO_ENABLED: "0" }, signal };
  await runChild("go", ["version"], child).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new Error("Go is not installed") : error;
  });
  report(
    `building Pulumi ${PULUMI_VERSION} from its Go modules into ${folder}: once for this machine, about three minutes on two cores`,
  );
  await publishFolder(folder, async (unfinished) => {
    const progress = startProgress(report);
    try {
      await runChild("go", buildArguments(join(unfinished, EXECUTABLE)), {
        ...child,
        onLine: progress.line,
      });
    } finally {
      progress.stop();
    }
    for (const name of await readdir(BESIDE_CLI)) {
      await copyFile(join(BESIDE_CLI, name), join(unfinished, name));
    }
    const dynamicProvider = "pulumi-resource-pulumi-nodejs";
    await copyFile(join(SDK_FOLDER, dynamicProvider), join(unfinished, dynamicProvider));
  });
}

function buildArguments(output: string): string[] {
  const version = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
  return [
    ...["build", "-v", "-mod=readonly", "-trimpath"],
    ...["-ldflags", `-s -w -X ${version}=${PULUMI_VERSION}`],
    ...["-o", output, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
  ];
}

/** `go build -v` names each package as it compiles it, and each module as it downloads it. */
function startProgress(report: (line: string) => void) {
  const start = Date.now();
  let packages = 0;
  let latest = "";
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - start) / 1000);
    report(`  ${seconds} s, packages compiled: ${packages}${latest && `, now ${latest}`}`);
  }, 5_000);
  return {
    line: (line: string) => {
      latest = line.replace(/^go: /, "");
      if (latest === line) {
        packages += 1;
      }
    },
    stop: () => clearInterval(timer),
  };
}
