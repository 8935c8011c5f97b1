import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { safe } from "@runpod-stack/kit";
import { type AuthContext, type Connection, type ParsedKey, Server, utils } from "ssh2";
import { LOOPBACK } from "../core/loopback";
import { serveSession } from "./session";
import type { SshTarget } from "./target";

/** One pod's SSH server, on a free port of this machine. */
export interface SshServer {
  readonly port: number;
  /** Ends all connections and frees the port. */
  close(): void;
}

/** The user name of all pods. */
const USER = "root";

export function newHostKey(): string {
  return utils.generateKeyPairSync("ed25519").private;
}

export async function openSshServer(hostKey: string, target: SshTarget): Promise<SshServer> {
  const clients = new Set<Connection>();
  const server = new Server({ hostKeys: [hostKey] }, (client) => {
    clients.add(client);
    client.on("close", () => clients.delete(client));
    // What a client does wrong ends its own connection only.
    client.on("error", () => client.end());
    client.on("authentication", (attempt) => authenticate(attempt, target));
    client.on("session", (accept) => serveSession(accept(), target));
  });
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const client of clients) {
        client.end();
      }
    },
  };
}

function authenticate(attempt: AuthContext, target: SshTarget): void {
  if (attempt.method !== "publickey") {
    attempt.reject(["publickey"]);
    return;
  }
  const { key, blob, signature, hashAlgo } = attempt;
  const known = readKeys(target.authorizedKeys()).find((one) =>
    one.getPublicSSH().equals(key.data),
  );
  // Without a signature, a client only asks whether the key would do.
  const isProven =
    signature === undefined ||
    (blob !== undefined && known?.verify(blob, signature, hashAlgo) === true);
  if (attempt.username === USER && known !== undefined && isProven && target.container() !== null) {
    attempt.accept();
    return;
  }
  target.log(safe`SSH ${target.podId} refused: ${refusal(attempt.username, known, target)}`);
  attempt.reject(["publickey"]);
}

function refusal(username: string, known: ParsedKey | undefined, target: SshTarget): string {
  if (target.container() === null) {
    return "the container does not run";
  }
  if (username !== USER) {
    return `the user is ${USER}`;
  }
  return known === undefined
    ? "the key is not in the pod's PUBLIC_KEY, which startSsh sets from the account's SSH keys"
    : "the key was not proven";
}

/** Lines that are no key, or of an unknown kind, let nobody in. */
function readKeys(text: string): ParsedKey[] {
  return text.split("\n").flatMap((line) => {
    const parsed = line.trim() === "" ? [] : utils.parseKey(line.trim());
    return parsed instanceof Error ? [] : parsed;
  });
}
