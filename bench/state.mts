// The size of a resource in the stack's state.
import { type Measurement, median } from "./support/measure.mts";
import type { StateResource } from "./support/stack.mts";

const KINDS = ["Template", "Volume", "Pod", "PodEndpoint"];
const COUNT = 10;
const PROVIDER_BAR = 100;

interface Weighed {
  readonly kind: string;
  /** Bytes in the exported deployment, without indentation. */
  readonly bytes: number;
  /** Bytes of these in the line that names the handlers. */
  readonly provider: number;
}

export const state: Measurement = async (bench) => {
  bench.progress(`state: ${COUNT} resources of each kind`);
  const stack = await bench.stack({ name: "pods", count: COUNT, kinds: KINDS });
  await stack.run("up");
  const resources = await stack.state();
  const weighed = [...KINDS, "Ownership"].map((kind) => weigh(kind, resources));
  return {
    tables: [
      {
        columns: ["bytes in the exported state", "resource", "its `__provider`"],
        rows: weighed.map(({ kind, bytes, provider }) => [`\`${kind}\``, bytes, provider]),
      },
    ],
    raw: weighed,
    missed: weighed
      .filter(({ provider }) => provider >= PROVIDER_BAR)
      .map(
        ({ kind, provider }) =>
          `The __provider of a ${kind} has ${provider} bytes, not less than ${PROVIDER_BAR}.`,
      ),
  };
};

function weigh(kind: string, resources: readonly StateResource[]): Weighed {
  const own = resources.filter(({ type }) => type.endsWith(`:${kind}`));
  const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
  return {
    kind,
    bytes: median(own.map(size)),
    provider: median(own.map(({ outputs }) => Buffer.byteLength(String(outputs["__provider"])))),
  };
}
