// The size of a resource in the stack's state.
import { type Measurement, median } from "./support/measure.mts";
import type { StateResource } from "./support/stack.mts";

const KINDS = ["Template", "Volume", "Pod", "PodEndpoint"];
const COUNT = 10;
const PROVIDER_BAR = 100;
/** A pod of which the program says what it must and no more. */
const BARE = "`Pod`, with an image and a GPU type";
const BARE_BAR = 3_500;
const INDENTATION = 4;
/** How deep a resource stands in the exported file. */
const DEPTH = 3;

interface Weighed {
  readonly what: string;
  /** Bytes in the file that `pulumi stack export` writes. */
  readonly exported: number;
  /** In the file that the engine writes at every step. */
  readonly stored: number;
  /** Bytes of these in the line that names the handlers. */
  readonly provider: number;
  readonly bar: number | null;
}

export const state: Measurement = async (bench) => {
  bench.progress(`state: ${COUNT} resources of each kind`);
  const stack = await bench.stack({ name: "pods", count: COUNT, kinds: [...KINDS, "BarePod"] });
  await stack.run("up");
  const resources = await stack.state();
  const isBare = ({ urn }: StateResource) => /::bare\d+$/.test(urn);
  const ofKind = (kind: string) =>
    resources.filter((one) => one.type.endsWith(`:${kind}`) && !isBare(one));
  const weighed = [
    ...[...KINDS, "Ownership"].map((kind) => weigh(`\`${kind}\``, ofKind(kind))),
    weigh(BARE, resources.filter(isBare), BARE_BAR),
  ];
  return {
    tables: [
      {
        columns: ["bytes", "exported", "stored", "`__provider`", "bar"],
        rows: weighed.map(({ what, exported, stored, provider, bar }) => [
          what,
          exported,
          stored,
          provider,
          bar ?? "",
        ]),
      },
    ],
    raw: weighed,
    missed: weighed.flatMap(missedBy),
  };
};

function weigh(
  what: string,
  resources: readonly StateResource[],
  bar: number | null = null,
): Weighed {
  const of = (size: (resource: StateResource) => number) => median(resources.map(size));
  return {
    what,
    exported: of((resource) => indented(resource)),
    stored: of((resource) => Buffer.byteLength(JSON.stringify(resource))),
    provider: of(({ outputs }) => Buffer.byteLength(String(outputs["__provider"]))),
    bar,
  };
}

/** With a comma and a line break after it, as all but the last have. */
function indented(resource: StateResource): number {
  const text = JSON.stringify(resource, null, INDENTATION);
  return Buffer.byteLength(text) + text.split("\n").length * DEPTH * INDENTATION + ",\n".length;
}

function missedBy({ what, exported, provider, bar }: Weighed): string[] {
  const heavy =
    bar !== null && exported > bar
      ? [`${what}, has ${exported} bytes in the exported file, more than ${bar}.`]
      : [];
  return provider < PROVIDER_BAR
    ? heavy
    : [...heavy, `The __provider of ${what} has ${provider} bytes, not less than ${PROVIDER_BAR}.`];
}
