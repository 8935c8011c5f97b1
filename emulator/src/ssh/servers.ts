import { type Safe, safe } from "@runpod-stack/kit";
import { SSH_PORT } from "../pods/addresses";
import { containerOf, tcpPorts } from "../pods/pod-runtime";
import type { Life, Pod } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { newHostKey, openSshServer, type SshServer } from "./server";
import type { SshTarget } from "./target";

/** An SSH server for each life of a pod that exposes port 22. */
export class SshServers {
  private readonly open = new Map<Life, SshServer>();
  private readonly hostKey = newHostKey();
  private settling: Promise<void> = Promise.resolve();

  constructor(
    private readonly world: World,
    private readonly log: (line: Safe) => void,
  ) {}

  /** Opens and closes servers, as pods have started and ended. */
  settle(): Promise<void> {
    this.settling = this.settling.catch(() => {}).then(() => this.openAndClose());
    return this.settling;
  }

  async close(): Promise<void> {
    await this.settling.catch(() => {});
    this.closeAllBut(new Map());
  }

  private async openAndClose(): Promise<void> {
    const wanted = this.wanted();
    this.closeAllBut(wanted);
    for (const [life, target] of wanted) {
      if (!this.open.has(life)) {
        const server = await openSshServer(this.hostKey, target);
        this.open.set(life, server);
        life.sshPort = server.port;
      }
    }
  }

  private closeAllBut(wanted: ReadonlyMap<Life, SshTarget>): void {
    for (const [life, server] of this.open) {
      if (!wanted.has(life)) {
        server.close();
        this.open.delete(life);
      }
    }
  }

  private wanted(): Map<Life, SshTarget> {
    const lives = new Map<Life, SshTarget>();
    for (const account of this.world.store.accounts) {
      for (const pod of account.pods.peek()) {
        if (pod.life && tcpPorts(pod).includes(SSH_PORT)) {
          lives.set(pod.life, this.target(account, pod, pod.life));
        }
      }
    }
    return lives;
  }

  private target(account: Account, pod: Pod, life: Life): SshTarget {
    const { clock, options } = this.world;
    return {
      podId: pod.id,
      authorizedKeys: () => pod.env["PUBLIC_KEY"] ?? "",
      container: () => {
        const container = pod.life === life ? containerOf(this.world, account, pod) : null;
        return container?.uptimeStartedAt() == null ? null : container;
      },
      realMs: (virtualMs) => (options.speed === "instant" ? 0 : virtualMs / clock.pace),
      log: (line) => this.log(safe`${new Date(clock.now()).toISOString()} ${line}`),
    };
  }
}
