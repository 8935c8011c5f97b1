import http from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { startEmulator } from "@runpod-stack/emulator";
import { colors, hideSecret, type Safe, safe } from "@runpod-stack/kit";
import { runpodPolicies } from "@runpod-stack/policies";
import { pod as testedPod, violationsOf } from "../../policies/src/testing";
import * as runpodStack from "../../provider/src/cli/main";
import { reportText } from "../../provider/src/cli/recover/report";
import { UserError } from "../../provider/src/core/errors";
import { type Handler, PartialFailure } from "../../provider/src/handlers/handler";
import { hostHandler } from "../../provider/src/handlers/host";
import { podHandler } from "../../provider/src/handlers/pod";
import { judge } from "../../provider/src/handlers/probe-verdict";
import { readAnswer } from "../../provider/src/http/answer";
import { podFields } from "../../provider/src/schema";
import { token } from "../support/exported-state";
import { HOSTILE_STRINGS, harmIn, KNOWN_SECRET } from "../support/hostile-strings";
import { pod } from "./api/fixtures";
import { apiError, fakeScene, logLines } from "./handlers/fake-context";
import { failureOf, MINUTE, podFrom, wait } from "./handlers/waiting";
import { run as policiesRun } from "./policies/cli/run";

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
const TEXTS = HOSTILE_STRINGS.map(([, hostile]) => hostile);

/** Prints hostile texts, by themselves or among others, and returns all that came out. */
type Surface = (texts: readonly string[]) => Promise<string> | string;

const each =
  (print: (hostile: string) => Promise<string> | string): Surface =>
  async (texts) =>
    (await Promise.all(texts.map(print))).join("\n");

const inPolicies = (args: string[], body: (hostile: string) => object): Surface => {
  return async (texts) => {
    const { stdout, stderr } = await policiesRun(["check", ...args, "-"], {
      input: JSON.stringify(texts.map(body)),
    });
    return stdout + stderr;
  };
};

const podOf = (hostile: string) => ({
  name: hostile,
  imageName: `vllm/vllm-openai:${hostile}`,
  dockerStartCmd: ["--model", hostile],
  gpuTypeIds: [hostile],
  volumeMountPath: `/${hostile}`,
  env: { [`${hostile}_TOKEN`]: hostile, HF_HOME: `/${hostile}` },
  containerDiskInGb: 5,
  ports: ["8000/http"],
});

const SURFACES: Readonly<Record<string, Surface>> = {
  "an answer's problem": each((hostile) =>
    refusal("application/problem+json", { title: hostile, detail: hostile, errors: [hostile] }),
  ),
  "an answer in another form": each((hostile) => refusal("application/json", { error: hostile })),
  "an answer that is a page": each((hostile) => refusal("text/html", `<title>${hostile}</title>`)),
  "an answer that is a text": each((hostile) => refusal("text/plain", hostile)),
  "an answer to be read": each((hostile) => refusal(hostile, hostile, 200)),
  "a pod's inputs, checked": each((hostile) => checked(podOf(hostile))),
  "an operation's failure": each((hostile) =>
    failed(() => {
      throw new UserError(safe`Creating pod '${hostile}': ${hostile}`);
    }),
  ),
  "an unexpected failure": each((hostile) =>
    failed(() => {
      throw new Error(hostile);
    }),
  ),
  "the reasons of a partial failure": each((hostile) =>
    failed(() => {
      throw new PartialFailure("pod1", {}, [safe`Pod ${hostile} stays: ${hostile}`]);
    }),
  ),
  "a create that is refused": each(async (hostile) => {
    const scene = fakeScene();
    const api = { ...scene.context.api, serverNow: () => undefined };
    scene.runpod.failures["create pod"] = [apiError("invalid", hostile)];
    const inputs = { ...podOf("x"), name: hostile, gpuTypeIds: [hostile, "NVIDIA L4"] };
    return `${await failed((context) => podHandler.create({ ...context, api }, inputs), scene)}\n${scene.said.join("\n")}`;
  }),
  "the verdict on a service": each((hostile) =>
    [
      { status: 200, json: { data: [{ id: hostile }, { id: `${hostile}x` }] } },
      { status: 200, contentType: hostile },
      { error: hostile },
    ]
      .map((answer) => judge(answer as never, { path: "/v1/models", status: 200, model: "qwen" }))
      .map((verdict) => ("text" in verdict ? verdict.text : ""))
      .join("\n"),
  ),
  "a service's models, on its row and in a failure": each(async (hostile) => {
    const waiting = wait(
      ({ runpod }) => {
        runpod.answer = () => ({ status: 200, json: { data: [{ id: hostile }] } }) as never;
      },
      { expected: { path: "/v1/models", status: 200, model: undefined } },
    );
    await waiting.until(MINUTE);
    return waiting.shown.join("\n");
  }),
  "a container's log": each(async (hostile) => {
    const waiting = wait(
      (scene) => {
        podFrom(scene, [[0, { env: { A: KNOWN_SECRET } }]]);
        const disk = `OSError: [Errno 28] No space left on device: '/x/${hostile}.incomplete'`;
        scene.runpod.logs = logLines("container", hostile, `${hostile} x`, disk);
      },
      { timeout: 10 * MINUTE },
    );
    await waiting.until(11 * MINUTE);
    return [failureOf(waiting), ...waiting.shown].join("\n");
  }),
  "runpod-stack diagnose": async (texts) => {
    const log = texts.map((hostile) => `${hostile} No space left on device: '/x.incomplete'`);
    return each((line) => inStack(["diagnose"], line))([...texts, ...log]);
  },
  "runpod-stack reap": (texts) =>
    inStack(["reap", "--all-stacks", "--older-than", "1h"], "", {
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
  "runpod-policies check": inPolicies([], podOf),
  "runpod-policies check --json": inPolicies(["--json"], podOf),
  "runpod-policies check --sarif": inPolicies(["--sarif"], podOf),
  "runpod-policies check --markdown": inPolicies(["--markdown"], podOf),
  "runpod-policies check --code-quality": inPolicies(["--code-quality"], podOf),
  "runpod-policies, as it is refused": each(async (hostile) => {
    const inputs = [[hostile], ["explain", hostile], ["check", `/x/${hostile}`], ["size", hostile]];
    const ends = await Promise.all(inputs.map((args) => policiesRun(args)));
    return ends.map(({ stdout, stderr }) => stdout + stderr).join("\n");
  }),
  "runpod-policies report": async (texts) => {
    const events = texts.flatMap((hostile) => [
      {
        policyEvent: {
          policyName: hostile,
          policyPackName: hostile,
          enforcementLevel: "mandatory",
          resourceUrn: `urn:pulumi:s::p::t::${hostile}`,
          message: `${hostile}\n${hostile}`,
        },
      },
      { diagnosticEvent: { severity: "error", message: hostile } },
    ]);
    const input = [...events, { summaryEvent: { result: "failed" } }]
      .map((event, sequence) => JSON.stringify({ sequence, ...event }))
      .join("\n");
    const { stdout, stderr } = await policiesRun(["report", "-"], { input });
    return stdout + stderr;
  },
  "the messages of the policy pack": each(async (hostile) => {
    const found = await Promise.all(
      runpodPolicies().map((policy) => violationsOf(policy, testedPod(podOf(hostile)))),
    );
    return found.flatMap((violations) => violations.map(({ message }) => message)).join("\n");
  }),
  "the emulator's log": async (texts) => {
    const log: Safe[] = [];
    const emulator = await startEmulator({ log: (line) => log.push(line), rateLimit: null });
    for (const hostile of texts) {
      const path = `/v2/pods/${encodeURIComponent(wellFormed(hostile).slice(0, 2_000))}`;
      // What HTTP lets through in a header.
      const agent = hostile.replace(/[^\t -~\x80-\xff]/g, "").slice(0, 2_000);
      await send(`${emulator.url}${path}`, { "user-agent": agent });
    }
    await emulator.close();
    return log.join("\n");
  },
  "the emulator's refusals": async (texts) => {
    const emulator = await startEmulator({ rateLimit: null });
    const answers: string[] = [];
    for (const hostile of texts) {
      const path = encodeURIComponent(wellFormed(hostile).slice(0, 2_000));
      const answer = await fetch(`${emulator.url}/v2/pods/${path}`, {
        headers: { authorization: "Bearer rpa_emulator" },
      });
      answers.push(String(Object(await answer.json()).detail));
    }
    await emulator.close();
    return answers.join("\n");
  },
};

const KINDS: Readonly<Record<string, "lines" | "data">> = {
  "runpod-stack diagnose": "lines",
  "runpod-policies report": "lines",
  "runpod-policies check --json": "data",
};

beforeAll(() => hideSecret(KNOWN_SECRET));

test.each(Object.entries(SURFACES))(
  "%s makes every hostile string harmless",
  async (name, print) => {
    const output = await print(TEXTS);
    // Something of them did come through.
    expect(output).toMatch(/everyone|evil\.example|description='FORGED'/);
    expect(harmIn(output, KINDS[name])).toEqual([]);
  },
);

function refusal(type: string, body: unknown, status = 422): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  try {
    readAnswer(
      { status, headers: { "content-type": type }, text },
      { operation: "creating pod 'llm'", isIdempotent: false, secrets: [] },
    );
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

function hosted(parts: Partial<Handler>, scene = fakeScene()) {
  const process = {
    configure: () => {},
    account: async () => scene.runpod.account,
    context: async () => scene.context,
    say: scene.context.say,
  };
  return hostHandler({ ...podHandler, ...parts }, podFields, process);
}

async function checked(inputs: object): Promise<string> {
  const scene = fakeScene();
  const { failures = [] } = (await hosted({}, scene).check?.({}, inputs)) ?? {};
  return [...failures.map(({ reason }) => reason), ...scene.said].join("\n");
}

async function failed(create: Handler["create"] | (() => never), scene = fakeScene()) {
  try {
    await hosted({ create }, scene).create({});
    return "";
  } catch (error) {
    const { message, reasons = [] } = error as Error & { reasons?: string[] };
    return [message, ...reasons].join("\n");
  }
}

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
  await runpodStack.main(args, {
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

/** `fetch` would refuse such a header. */
function send(url: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers }, (response) => {
        response.resume().on("end", resolve);
      })
      .on("error", reject);
  });
}

/** A URL holds no halves of letters. */
function wellFormed(hostile: string): string {
  return hostile.replace(/\p{Surrogate}/gu, "");
}
