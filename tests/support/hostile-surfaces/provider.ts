import { safe } from "@runpod-stack/kit";
import { UserError } from "../../../provider/src/core/errors";
import { PartialFailure } from "../../../provider/src/handlers/lifecycle/handler";
import { hostHandler } from "../../../provider/src/handlers/plugin/host";
import { podHandler } from "../../../provider/src/handlers/pod/handler";
import { judge } from "../../../provider/src/handlers/pod-endpoint/verdict";
import { readAnswer } from "../../../provider/src/http/answer";
import { refuseMistakes } from "../../../provider/src/resources/refusals";
import { podFields } from "../../../provider/src/schema";
import { apiError, fakeScene, logLines } from "../../unit/handlers/fake-context";
import { failureOf, MINUTE, podFrom, wait } from "../../unit/handlers/pod-endpoint/waiting";
import { KNOWN_SECRET } from "../hostile-strings";
import { each, podOf, type Surfaces } from "./surface";

export const ofProvider: Surfaces = {
  "an answer's problem": each((hostile) =>
    refusal("application/problem+json", { title: hostile, detail: hostile, errors: [hostile] }),
  ),
  "an answer in another form": each((hostile) => refusal("application/json", { error: hostile })),
  "an answer that is a page": each((hostile) => refusal("text/html", `<title>${hostile}</title>`)),
  "an answer that is a text": each((hostile) => refusal("text/plain", hostile)),
  "an answer to be read": each((hostile) => refusal(hostile, hostile, 200)),
  "a pod's inputs, checked": each((hostile) => checked(podOf(hostile))),
  "what a constructor refuses": each((hostile) =>
    [
      ["text", {}],
      [{}, "text"],
      [{}, { provider: hostile }],
      [{ pod: hostile }, {}],
    ]
      .map(([args, opts]) => refusedMistake(hostile, args, opts))
      .join("\n"),
  ),
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
};

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

type PodHandler = typeof podHandler;

function hosted(parts: Partial<PodHandler>, scene = fakeScene()) {
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

async function failed(create: PodHandler["create"] | (() => never), scene = fakeScene()) {
  try {
    await hosted({ create }, scene).create({});
    return "";
  } catch (error) {
    const { message, reasons = [] } = error as Error & { reasons?: string[] };
    return [message, ...reasons].join("\n");
  }
}

function refusedMistake(name: string, args: unknown, opts: unknown): string {
  try {
    const reference = { field: "pod", kind: "Pod", idField: "podId" } as const;
    refuseMistakes("PodEndpoint", name, args, opts, reference);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
