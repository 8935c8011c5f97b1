import { once } from "node:events";
import { Client, type ClientChannel, type PseudoTtyOptions, utils } from "ssh2";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody } from "./bodies";

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const [mine, other] = [newKey(), newKey()];
const KEYS = "/v2/account/ssh-keys";

describe("The emulator's SSH servers", () => {
  let emulator: TestEmulator;
  const clients = new Set<Client>();
  beforeAll(async () => {
    emulator = await startTestEmulator({ ssh: true });
  });
  beforeEach(() => emulator.reset());
  afterEach(() => {
    for (const client of clients) {
      client.destroy();
    }
    clients.clear();
  });
  afterAll(() => emulator.close());

  /** A running pod's view. The key is in the account before it is created. */
  async function pod(changes: object = {}) {
    await emulator.call("PUT", KEYS, { keys: [`${mine.public} me@example.com`] });
    const body = podBody({ ports: ["8000/http", "22/tcp"], startSsh: true, ...changes });
    const { id } = (await emulator.call("POST", "/v2/pods", body)).body;
    return seen(id);
  }
  const seen = async (id: string) => (await emulator.call("GET", `/v2/pods/${id}`)).body;

  async function connect(port: number, key = mine.private, username = "root") {
    const client = new Client();
    clients.add(client);
    client.connect({ host: "127.0.0.1", port, username, privateKey: key });
    // Rejects on "error".
    await once(client, "ready");
    return client;
  }

  async function run(port: number, command: string): Promise<Ended> {
    const client = await connect(port);
    return new Promise((resolve, reject) =>
      client.exec(command, (error, channel) => (error ? reject(error) : resolve(endOf(channel)))),
    );
  }

  test("are at the address that the pod's view gives", async () => {
    const { ssh, runtime } = await pod();
    const { port } = ssh.direct;
    expect(ssh.direct).toEqual({
      host: "127.0.0.1",
      port: expect.any(Number),
      username: "root",
      command: `ssh root@127.0.0.1 -p ${port}`,
    });
    expect(runtime.ports).toContainEqual({
      private: 22,
      public: port,
      type: "tcp",
      ip: "127.0.0.1",
    });
    expect(await run(port, "echo $RUNPOD_PUBLIC_IP $RUNPOD_TCP_PORT_22")).toEqual({
      code: 0,
      stdout: `127.0.0.1 ${port}\n`,
      stderr: "",
    });
  });

  test("print what nvidia-smi prints", async () => {
    const { id, ssh } = await pod({ gpu: { id: "NVIDIA L4", count: 1 } });
    const { code, stdout } = await run(ssh.direct.port, "nvidia-smi");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^\| NVIDIA-SMI [\d.]+ +Driver Version: [\d.]+ +CUDA Version: \d+\.\d +\|$/m,
    );
    expect(stdout).toMatch(/^\| +0 +NVIDIA L4 +On +\| +00000000:19:00\.0 Off \| +0 \|$/m);
    expect(stdout).toMatch(/ 72W \| +\d+MiB \/ +23034MiB \| +0% +Default \|$/m);
    const table = stdout.split("\n").slice(1, -1);
    expect(new Set(table.map(({ length }) => length))).toEqual(new Set([91, 89]));
    const query = "nvidia-smi --query-gpu=name,memory.total,uuid --format=csv";
    expect((await run(ssh.direct.port, query)).stdout).toBe(
      `name, memory.total [MiB], uuid\nNVIDIA L4, 23034 MiB, GPU-${id}-0\n`,
    );
    const bare = "nvidia-smi --query-gpu=memory.total --format=csv,noheader,nounits";
    expect((await run(ssh.direct.port, bare)).stdout).toBe("23034\n");
    expect(await run(ssh.direct.port, "nvidia-smi --query-gpu=size --format=csv")).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('Field "size" is not a valid field to query.'),
    });
  });

  test("print the disks and their use", async () => {
    const { ssh } = await pod({
      disk: 30,
      mounts: { persistent: { path: "/root/.cache/huggingface", size: 20 } },
    });
    const { port } = ssh.direct;
    const { stdout } = await run(port, "df -h");
    expect(stdout).toMatch(/^Filesystem +Size +Used +Avail +Use% Mounted on$/m);
    expect(stdout).toMatch(/^overlay +30G +[\d.]+G +[\d.]+G +\d+% \/$/m);
    expect(stdout).toMatch(/ 20G +[\d.]+G +[\d.]+G +\d+% \/root\/\.cache\/huggingface$/m);
    const one = (await run(port, "df /root/.cache/huggingface/hub")).stdout.trim().split("\n");
    expect(one).toHaveLength(2);
    expect(one[1]).toMatch(/ 20971520 +\d+ +\d+ +\d+% \/root\/\.cache\/huggingface$/);
  });

  test("pass on the exit code, and keep the outputs apart", async () => {
    const { id, ssh } = await pod({
      mounts: { persistent: { path: "/workspace", size: 20 } },
    });
    const { port } = ssh.direct;
    expect(await run(port, "exit 3")).toMatchObject({ code: 3 });
    expect(await run(port, "false || echo no && hostname")).toMatchObject({
      code: 0,
      stdout: `no\n${id}\n`,
    });
    expect(await run(port, "frobnicate")).toEqual({
      code: 127,
      stdout: "",
      stderr: "bash: line 1: frobnicate: command not found\n",
    });
    expect(await run(port, "cat /workspace/none")).toEqual({
      code: 1,
      stdout: "",
      stderr: "cat: /workspace/none: No such file or directory\n",
    });
    expect(await run(port, "cat /etc/hostname")).toMatchObject({ code: 0, stdout: `${id}\n` });
  });

  test("know no program of an unknown image but its own command", async () => {
    const { ssh } = await pod({ image: "acme/server:1", cmd: ["serve"] });
    expect(await run(ssh.direct.port, "serve")).toMatchObject({ code: 127 });
  });

  test("write nothing to the pod's log", async () => {
    const { id, ssh } = await pod();
    const before = await emulator.logs(id, "tail=1");
    await run(ssh.direct.port, "echo hello; nonsense");
    expect(await emulator.logs(id, "tail=1")).toEqual(before);
  });

  test("take a script as input, and have no interactive shell", async () => {
    const client = await connect((await pod()).ssh.direct.port);
    const shell = (terminal: PseudoTtyOptions | false) =>
      new Promise<Ended>((resolve, reject) =>
        client.shell(terminal, (error, channel) => {
          if (error) {
            reject(error);
            return;
          }
          resolve(endOf(channel));
          channel.end("echo one\necho two; exit 4\n");
        }),
      );
    expect(await shell(false)).toMatchObject({ code: 4, stdout: "one\ntwo\n" });
    expect(await shell({})).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/no interactive shell/),
    });
  });

  test("refuse other keys, users and passwords", async () => {
    const { port } = (await pod()).ssh.direct;
    const refused = "All configured authentication methods failed";
    await expect(connect(port, other.private)).rejects.toThrow(refused);
    await expect(connect(port, mine.private, "ubuntu")).rejects.toThrow(refused);
    const client = new Client();
    client.connect({ host: "127.0.0.1", port, username: "root", password: "x" });
    await expect(once(client, "ready")).rejects.toThrow(refused);
  });

  test("accept the keys of the pod's PUBLIC_KEY, not those that the account has now", async () => {
    const own = await pod({ env: { PUBLIC_KEY: `# mine\n${other.public}\n` } });
    await expect(connect(own.ssh.direct.port)).rejects.toThrow("failed");
    await connect(own.ssh.direct.port, other.private);
    const without = await pod({ startSsh: false });
    await expect(connect(without.ssh.direct.port)).rejects.toThrow("failed");
    const earlier = await pod();
    await emulator.call("PUT", KEYS, { keys: [other.public] });
    await connect(earlier.ssh.direct.port);
    await expect(connect(earlier.ssh.direct.port, other.private)).rejects.toThrow("failed");
  });

  test("end with the pod, and come back at another port", async () => {
    const { id, ssh } = await pod();
    const client = await connect(ssh.direct.port);
    const closed = once(client, "close");
    await emulator.call("POST", `/v2/pods/${id}/action`, { action: "stop" });
    await closed;
    await expect(connect(ssh.direct.port)).rejects.toThrow("ECONNREFUSED");
    expect((await seen(id)).ssh.direct).toBeNull();
    await emulator.call("POST", `/v2/pods/${id}/action`, { action: "start" });
    await connect((await seen(id)).ssh.direct.port);
  });

  test("refuse while the container does not run", async () => {
    const slow = await startTestEmulator({ ssh: true, speed: "real" });
    try {
      await slow.call("PUT", KEYS, { keys: [mine.public] });
      const body = podBody({ ports: ["22/tcp"], startSsh: true });
      const { id } = (await slow.call("POST", "/v2/pods", body)).body;
      expect((await slow.call("GET", `/v2/pods/${id}`)).body.ssh.direct).toBeNull();
    } finally {
      await slow.close();
    }
  });
});

test("Without the option, a pod's public address is not this machine", async () => {
  const emulator = await startTestEmulator();
  try {
    const body = podBody({ ports: ["22/tcp"], startSsh: true });
    const { id } = (await emulator.call("POST", "/v2/pods", body)).body;
    const { ssh } = (await emulator.call("GET", `/v2/pods/${id}`)).body;
    expect(ssh.direct.host).toMatch(/^203\.0\.113\./);
  } finally {
    await emulator.close();
  }
});

function newKey(): { private: string; public: string } {
  return utils.generateKeyPairSync("ed25519");
}

/** All output, once the channel is closed. */
function endOf(channel: ClientChannel): Promise<Ended> {
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  channel.on("data", (part: Buffer) => {
    ended.stdout += part;
  });
  channel.stderr.on("data", (part: Buffer) => {
    ended.stderr += part;
  });
  channel.on("exit", (code: number) => {
    ended.code = code;
  });
  return new Promise((resolve) => channel.on("close", () => resolve(ended)));
}
