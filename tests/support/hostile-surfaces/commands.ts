import http from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { colors } from "@runpod-stack/kit";
import { main } from "../../../provider/src/cli/main";
import { reportText } from "../../../provider/src/cli/recover/report";
import { pod } from "../../unit/api/fixtures";
import { token } from "../exported-state";
import { KNOWN_SECRET } from "../hostile-strings";
import { each, type Surfaces } from "./surface";

/** As REST v2 lists one. */
const GPU = {
  pool: null,
  manufacturer: "NVIDIA",
  memory: 80,
  secure: true,
  community: false,
  price: { secure: 1, community: 0 },
  maxCount: { secure: 1, community: 0 },
};

export const ofCommands: Surfaces = {
  "runpod-stack diagnose": async (texts) => {
    const log = texts.map((hostile) => `${hostile} No space left on device: '/x.incomplete'`);
    return each((line) => inStack(["diagnose"], line))([...texts, ...log]);
  },
  "runpod-stack reap": (texts) =>
    inStack(["reap", "--all-stacks", "--older-than", "1h"], "", {
      endpoints: [],
      pods: texts.map((name, index) => ({
        ...pod,
        id: `pod${index}`,
        name,
        env: { RUNPOD_STACK_TOKEN: token("Pod", "a") },
      })),
    }),
  "runpod-stack prices": (texts) =>
    inStack(["prices"], "", {
      gpus: texts.map((id) => ({ ...GPU, id, name: id })),
    }),
  "runpod-stack, as it is refused": each(async (hostile) => {
    const inputs = [[hostile], ["reap", "--older-than", hostile], ["diagnose", `/x/${hostile}`]];
    return (await Promise.all(inputs.map((args) => inStack(args, "")))).join("\n");
  }),
  "runpod-stack recover": each((hostile) =>
    reportText(
      {
        stack: hostile,
        accounts: [{ provider: hostile, origin: hostile, fingerprint: hostile, marks: [hostile] }],
        lock: { holder: hostile, pid: 1, since: hostile, done: false },
        objects: [
          {
            kind: "Pod",
            id: hostile,
            name: hostile,
            costPerHr: 1,
            locked: false,
            action: "check",
            reason: hostile,
            isPending: false,
            done: false,
            account: 0,
          },
        ],
        pendingCreates: { urns: [hostile], action: "keep", reason: hostile, done: false },
      },
      colors(false),
    ),
  ),
};

/** Runs `runpod-stack` within this process, before an API with these lists. */
async function inStack(
  args: readonly string[],
  input: string,
  lists: Readonly<Record<string, unknown[]>> = {},
): Promise<string> {
  const server = http.createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(lists));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  await main(args, {
    stdin: Object.assign(Readable.from([input]), { isTTY: false }),
    stdout,
    stderr,
    env: {
      RUNPOD_API_KEY: KNOWN_SECRET,
      RUNPOD_REST_V2_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`,
    },
  });
  stdout.end();
  stderr.end();
  server.close();
  return `${await text(stdout)}${await text(stderr)}`;
}
