import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { createStack, failure, type TestStack } from "../support/stack";

jest.setTimeout(120_000);

const [PRODUCTION, RESEARCH] = ["rpa_production", "rpa_research"] as const;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) {
    await close();
  }
});

test("two accounts in one stack: a refresh with the wrong key or host fails, and loses nothing", async () => {
  const emulator = await anEmulator();
  const elsewhere = await anEmulator();
  const stack = await aStack({ folder: "examples/two-accounts", env: emulator.env });
  await stack.configure({ apiUrl: `${emulator.url}/v2` }, { researchKey: RESEARCH });

  await stack.up();
  const { productionPodId, experimentPodId } = await stack.outputs();
  const live = [
    { id: productionPodId, account: 1, endedAt: null },
    { id: experimentPodId, account: 2, endedAt: null },
  ];
  expect(byAccount((await emulator.ledger()).pods)).toMatchObject(live);
  const before = await resources(stack);

  stack.env["RUNPOD_API_KEY"] = RESEARCH;
  const wrongKey = await failure(stack.refresh());
  expect(wrongKey.stdout).toMatch(
    /pod 'production-\w+' \(\w+\) was not found, but that is inconclusive: the API key in use \(fingerprint \w+\) is not the one that last managed it \(fingerprint \w+\)\. It is kept in the state and may still be billed\./,
  );
  expect(await resources(stack)).toEqual(before);

  stack.env["RUNPOD_API_KEY"] = PRODUCTION;
  stack.env["RUNPOD_REST_V2_URL"] = `${elsewhere.url}/v2`;
  const wrongHost = await failure(stack.refresh());
  expect(wrongHost.stdout).toContain(
    `was not found, but that is inconclusive: the API in use is ${elsewhere.url}, and it was created at ${emulator.url}.`,
  );
  const destroyElsewhere = await failure(stack.destroy());
  expect(destroyElsewhere.stdout).toContain("was not found, but that is inconclusive");
  expect((await resources(stack)).join()).toContain(productionPodId);

  stack.env["RUNPOD_REST_V2_URL"] = `${emulator.url}/v2`;
  await stack.destroy();
  expect((await emulator.ledger()).pods.filter(({ endedAt }) => endedAt === null)).toEqual([]);
});

test("destroy replaces a stored key that was revoked by the environment's", async () => {
  const emulator = await anEmulator();
  const front = await aFrontWhoseKeyChanges(emulator);
  const stack = await aStack({
    program: `new Pod("llm", { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] });`,
  });
  await stack.configure({ "runpod:apiUrl": `${front.url}/v2` }, { "runpod:apiKey": PRODUCTION });
  await stack.up();

  front.changeKey("rpa_renewed");
  const refused = await failure(stack.destroy());
  expect(refused.stdout).toContain("RUNPOD_API_KEY");
  stack.env["RUNPOD_API_KEY"] = "rpa_renewed";
  const destroyed = await stack.destroy();
  expect(destroyed.stdout).toContain(
    "RunPod rejected the API key stored by the last `pulumi up`; continuing with RUNPOD_API_KEY.",
  );
  expect((await emulator.ledger()).pods).toMatchObject([{ endedAt: expect.anything() }]);
});

async function anEmulator(): Promise<TestEmulator> {
  const emulator = await startTestEmulator({ apiKeys: [PRODUCTION, RESEARCH] });
  closing.push(() => emulator.close());
  return emulator;
}

async function aStack(options: Parameters<typeof createStack>[0]): Promise<TestStack> {
  const stack = await createStack(options);
  closing.push(() => stack.close());
  return stack;
}

/** The emulator's first account, whose key can be revoked for another. */
async function aFrontWhoseKeyChanges(emulator: TestEmulator) {
  let valid: string = PRODUCTION;
  const server = createServer(async (request, response) => {
    const key = request.headers.authorization?.replace(/^Bearer /, "");
    const isValid = key === valid;
    const answer = await fetch(emulator.url + request.url, {
      method: request.method ?? "GET",
      headers: {
        authorization: `Bearer ${isValid ? PRODUCTION : "revoked"}`,
        "content-type": "application/json",
      },
      ...(request.method === "POST" && { body: request, duplex: "half" }),
    } as RequestInit);
    const headers = { "content-type": answer.headers.get("content-type") ?? "" };
    response.writeHead(answer.status, headers).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    changeKey: (key: string) => {
      valid = key;
    },
  };
}

function byAccount<T extends { account: number }>(entries: T[]): T[] {
  return entries.toSorted((a, b) => a.account - b.account);
}

/** The resources in a state, with their ids. */
async function resources(stack: TestStack): Promise<string[]> {
  const { deployment } = JSON.parse(await stack.exportState());
  return deployment.resources.map((it: { urn: string; id?: string }) => `${it.urn} ${it.id ?? ""}`);
}
