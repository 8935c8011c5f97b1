import { advanced, container } from "../unit/emulator/containers/support";
import recording from "./recorded/vllm-0.24.0.json";

const KEYS = { right: "sk-right", wrong: "sk-wrong", none: null };
const JSON_TYPE = "application/json";

type Recorded = (typeof recording.requests)[number];

const server = advanced(
  container({
    image: "vllm/vllm-openai:v0.24.0",
    cmd: ["Qwen/Qwen3-0.6B", "--served-model-name", "tiny", "--max-model-len", "4096"],
    env: { VLLM_API_KEY: KEYS.right },
  }),
  10,
);

function ask(method: string, path: string, key: string | null, body?: unknown): Promise<Response> {
  const request = new Request(`http://pod.example${path}`, {
    method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": JSON_TYPE }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return server.handle(request, 8000);
}

/** Lists that depend on the words. */
const WORDS = ["content", "tokens"];

/** Keys in their order and the types of values; ids by their form. Words of the model do not count. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shape);
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).map(([key, inner]) => [
      key,
      Array.isArray(inner) && WORDS.includes(key) ? [] : shape(inner),
    ]);
  }
  const id = typeof value === "string" && /^(.*[-_])[0-9a-f]{16}$/.exec(value);
  return id ? `${id[1]}…` : value === null ? null : typeof value;
}

function expectShape(actual: unknown, expected: unknown): void {
  expect(shape(actual)).toEqual(shape(expected));
}

async function expectBody(response: Response, { status, body }: Recorded["answer"]): Promise<void> {
  if (Array.isArray(body)) {
    expectShape(kinds(frames(await response.text())), kinds(body));
  } else if (typeof body === "string") {
    for (const line of body.split("\n")) {
      expect(await response.clone().text()).toContain(line.trim());
    }
  } else if (status >= 400) {
    expect(await response.json()).toEqual(body);
  } else if (body !== undefined) {
    expectShape(await response.json(), body);
  }
}

function frames(text: string): unknown[] {
  const payloads = text.split("\n\n").map((frame) => frame.replace(/^data: /, ""));
  expect(payloads.pop()).toBe("");
  return payloads.map((payload) => (payload === "[DONE]" ? payload : JSON.parse(payload)));
}

/** Each kind of frame once, because the number of frames depends on the words. */
function kinds(list: readonly unknown[]): unknown[] {
  return [...new Map(list.map((frame) => [JSON.stringify(shape(frame)), frame])).values()];
}

describe("a pod of vLLM 0.24.0 answers as a recorded server", () => {
  it.each(recording.requests.map((recorded) => [recorded.name, recorded] as const))(
    "%s",
    async (_name, { method, path, key, body, answer }) => {
      const response = await ask(method, path, KEYS[key as keyof typeof KEYS], body);
      expect(response.status).toBe(answer.status);
      expect(response.headers.get("content-type")).toBe(answer.contentType);
      expect(response.headers.get("server")).toBe("uvicorn");
      await expectBody(response, answer);
    },
  );

  it.each(recording.routes)("knows the route %s", async (route) => {
    const path = route.replace("{response_id}", "resp_1");
    const isRead = (await ask("GET", path, KEYS.right)).status !== 405;
    const response = await ask(isRead ? "GET" : "POST", path, KEYS.right, isRead ? undefined : {});
    expect(await response.text()).not.toContain('"detail":"Not Found"');
    expect(response.status).not.toBe(405);
  });
});
