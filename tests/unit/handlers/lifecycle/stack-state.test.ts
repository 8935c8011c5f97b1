import { stackMark } from "../../../../provider/src/core/mark";
import {
  hasAutomaticName,
  readState,
  type Stored,
} from "../../../../provider/src/handlers/lifecycle/stack-state";
import { packInputs, packOutputs } from "../../../../provider/src/schema";
import {
  exported,
  legacyToken,
  OWNER,
  ownership,
  resource,
  STRANGER,
  token,
  urn,
} from "../../../support/exported-state";

const RESEARCH = "urn:pulumi:dev::app::pulumi:providers:pulumi-nodejs::research";

test("reads identities, objects and pending creates, and when the state was written", () => {
  const account = { origin: "https://api.runpod.io", fingerprint: "1a2b3c4d" };
  const outputs = { __live: { account } };
  const state = readState(
    exported([ownership(), resource("Pod", "a", { id: "p1", outputs })], [resource("Pod", "b")]),
  );
  expect(state.writtenAt).toBe(Date.UTC(2026, 10, 23, 10));
  expect(state.otherPending).toEqual([]);
  expect(state.shares).toMatchObject([
    {
      provider: undefined,
      marks: new Set([stackMark(OWNER)]),
      known: [
        { kind: "Ownership", id: OWNER },
        { kind: "Pod", id: "p1", account },
      ],
      pending: [
        {
          kind: "Pod",
          id: undefined,
          urn: urn("Pod", "b"),
          logicalName: "b",
          token: token("Pod", "b"),
          account: undefined,
        },
      ],
    },
  ]);
});

test("reads hidden keys in lines as it reads them by themselves", () => {
  const account = { origin: "https://api.runpod.io", fingerprint: "1a2b3c4d" };
  const outputs = { __token: token("Pod", "adopted"), __live: { account } };
  const [known, pending] = [
    resource("Pod", "a", { id: "p1", outputs }),
    resource("Pod", "b", { inputs: { __account: account } }),
  ];
  const inLines = [
    { ...known, inputs: packInputs(known.inputs), outputs: packOutputs(outputs) },
    { ...pending, inputs: packInputs(pending.inputs) },
  ] as const;
  const state = readState(exported([inLines[0]], [inLines[1]]));
  expect(state).toEqual(readState(exported([known], [pending])));
  expect(state.shares).toMatchObject([
    {
      known: [{ token: token("Pod", "adopted") }],
      pending: [{ token: token("Pod", "b"), account }],
    },
  ]);
});

test("distinguishes explicit providers, with their configuration", () => {
  const provider = `${RESEARCH}::1f1f`;
  const configuration = { "runpod:explicit": "true", "runpod:apiUrl": "http://127.0.0.1:1/v2" };
  const state = readState(
    exported(
      [
        {
          urn: RESEARCH,
          id: "1f1f",
          type: "pulumi:providers:pulumi-nodejs",
          inputs: configuration,
        },
        ownership({ provider: ownership().provider.replace("::default", "::default_3_270_0") }),
        resource("Ownership", "runpod-research", { id: STRANGER, provider }),
      ],
      [resource("Pod", "b", { provider })],
    ),
  );
  expect(state.shares).toMatchObject([
    { provider: undefined, configuration: {}, pending: [] },
    { provider: "research", configuration, pending: [{ urn: urn("Pod", "b") }] },
  ]);
});

test("skips other packages' resources, and names their pending creates", () => {
  const bucket = {
    urn: "urn:pulumi:dev::app::aws:s3/bucket:Bucket::b",
    type: "aws:s3/bucket:Bucket",
  };
  expect(readState(exported([bucket], [bucket]))).toMatchObject({
    shares: [],
    otherPending: [bucket.urn],
  });
});

test("an interrupted update or deletion is not a pending create: the object is in the state", () => {
  const state = exported([ownership()]);
  const operations = ["updating", "deleting", "reading", "importing"].map((type) => ({
    type,
    resource: resource("Pod", "a", { id: "p1" }),
  }));
  state.deployment.pending_operations = operations;
  expect(readState(state).shares).toMatchObject([{ pending: [] }]);
});

test.each([{}, { deployment: null }, { version: 3, deployment: { manifest: {} } }])(
  "a stack that never ran has nothing: %j",
  (state) => expect(readState(state)).toMatchObject({ shares: [], otherPending: [] }),
);

test("an invalid token is ignored", () => {
  const pending = [resource("Pod", "a", { inputs: { __token: "something", name: 7 } })];
  expect(readState(exported([], pending)).shares).toMatchObject([
    { pending: [{ token: undefined, name: undefined }] },
  ]);
});

test("an adopted object has the token that its outputs record, not the later one of its inputs", () => {
  const later = token("Pod", "a", OWNER, "cccccccc");
  const adopted = resource("Pod", "a", {
    id: "p1",
    token: later,
    outputs: { name: "renamed", __token: token("Pod", "a") },
  });
  expect(readState(exported([adopted])).shares).toMatchObject([
    { known: [{ id: "p1", name: "renamed", token: token("Pod", "a") }] },
  ]);
});

test("a pending create shows its account", () => {
  const account = { origin: "https://api.runpod.io", fingerprint: "1a2b3c4d" };
  const pending = [resource("Pod", "a", { inputs: { __account: account } })];
  expect(readState(exported([], pending)).shares).toMatchObject([{ pending: [{ account }] }]);
});

describe("a name is automatic", () => {
  const stored = (changes: Parameters<typeof resource>[2]) =>
    readState(exported([], [resource("Pod", "a", changes)])).shares[0]?.pending[0] as Stored;

  test.each([token("Pod", "a"), legacyToken("Pod", "a")])(
    "if it contains both ends of its token: %s",
    (it) => {
      expect(hasAutomaticName(stored({ token: it }))).toBe(true);
    },
  );

  test("and not if the program chose it, or there is no token", () => {
    expect(hasAutomaticName(stored({ inputs: { name: "mine" } }))).toBe(false);
    expect(hasAutomaticName(stored({ inputs: { __token: undefined } }))).toBe(false);
    expect(hasAutomaticName(stored({ inputs: { name: undefined } }))).toBe(false);
  });
});
