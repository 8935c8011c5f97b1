import { createRequire } from "node:module";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { type Safe, safe } from "@runpod-stack/kit";
import type { Context } from "../lifecycle/context";

const PATIENCE_MS = 5_000;

/** Shows a line on a resource's row, or on the stack's row if there is no URN. */
type Log = (urn: string, line: Safe, isKept: boolean, onEnd: (error: Error | null) => void) => void;

/**
 * Shows progress through the engine, which gives each resource its own row. Without an engine,
 * prints only lines that are to be kept.
 * @param address the engine's, as passed to the plugin
 */
export function engineProgress(
  address: string | undefined,
  say: Context["say"],
): Context["progress"] {
  let log: Log | undefined;
  let [isUseless, hasWorked] = [address === undefined, false];
  return ({ urn, label }, line, isKept = false) => {
    const fallBack = () => {
      isUseless = !hasWorked;
      if (isKept) {
        say(safe`${label}: ${line}`);
      }
    };
    if (isUseless) {
      return fallBack();
    }
    try {
      log ??= connect(String(address));
      log(urn ?? "", urn === undefined ? safe`${label}: ${line}` : line, isKept, (error) => {
        if (error === null) {
          hasWorked = true;
        } else {
          fallBack();
        }
      });
    } catch {
      fallBack();
    }
  };
}

/** Uses the gRPC package that Pulumi's stubs use, since this package has none. */
function connect(address: string): Log {
  const fromPulumi = createRequire(require.resolve("@pulumi/pulumi"));
  const { credentials } = fromPulumi("@grpc/grpc-js");
  const services: { EngineClient: typeof EngineClient } = fromPulumi("./proto/engine_grpc_pb");
  const messages: { LogRequest: typeof LogRequest; LogSeverity: { INFO: 1 } } =
    fromPulumi("./proto/engine_pb");
  const client = new services.EngineClient(address, credentials.createInsecure());
  return (urn, line, isKept, onEnd) => {
    const request = new messages.LogRequest()
      .setSeverity(messages.LogSeverity.INFO)
      .setUrn(urn)
      .setMessage(line)
      .setEphemeral(!isKept);
    const options = { deadline: Date.now() + PATIENCE_MS };
    client.log(request, options as never, (error) => onEnd(error));
  };
}
