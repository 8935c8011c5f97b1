import { type Colors, json, multiline, type Safe, safe } from "@runpod-stack/kit";
import {
  Command,
  colorsFor,
  endings,
  examples,
  paragraph,
  print,
  teach,
} from "@runpod-stack/kit/command";
import type { RunpodApi } from "../../api";
import { readSettings } from "../../core/settings";
import { connect } from "../account";
import { type ComparedPrice, comparePrices, priceTable } from "../prices/compare";
import { readConfiguration, withPrices, writeConfiguration } from "../prices/configuration";
import { announced, type Session } from "../session";
import { dollarsPerHour, tableLines } from "../table";

interface Options {
  readonly into?: string;
  readonly json?: true;
}

const HELP = [
  paragraph(
    "Reads today's prices from RunPod's catalog, and compares them with the bundled prices. The policies about cost use the bundled prices, unless their configuration has others: --into writes today's prices there. The rest of the configuration does not change.",
  ),
  examples(
    ["show which prices have changed", "runpod-stack prices"],
    ["use today's prices in the policies", "runpod-stack prices --into policies.json"],
    `pulumi preview --policy-pack node_modules/@runpod-stack/policies \\
  --policy-pack-config policies.json`,
    "runpod-policies check --config policies.json pod.json",
    "runpod-stack prices --json | jq '.gpus[] | select(.change != null)'",
  ),
  paragraph(
    "Prices are in US dollars per GPU per hour. The prices of disks and volumes are not in the catalog, so the bundled ones stay in use. The key and the API come from RUNPOD_API_KEY and RUNPOD_REST_V2_URL.",
  ),
  endings({
    0: "the prices were read, and written if --into was given",
    2: "the prices were not read or written: the input, RunPod or the file cannot be used",
  }),
];

/** `runpod-stack prices [--into FILE] [--json]` */
export function pricesCommand(session: Session): Command {
  const command = new Command("prices")
    .summary("show today's GPU prices, and write them for the policies")
    .description("Show today's prices of GPUs, and write them into the policies' configuration.")
    .option("--into <file>", "write the prices into this configuration of the policies (JSON)")
    .option("--json", "print {origin, date, gpus: [{id, secure, community, shipped, change}]}");
  return teach(command, ...HELP).action((options: Options) => prices(session, options));
}

async function prices(session: Session, { into, json: isJson }: Options): Promise<void> {
  const { terminal, clock } = session;
  const settings = readSettings(() => undefined, terminal.env);
  const api = connect(session, settings, "");
  const configuration = into === undefined ? {} : await readConfiguration(into);
  const catalog = await announced(session, "reading the catalog", () => api.catalog.gpus());
  const table = priceTable(catalog, clock.now());
  const gpus = comparePrices(catalog);
  if (into !== undefined) {
    await writeConfiguration(into, withPrices(configuration, table));
  }
  const result = { origin: api.account.origin, date: table.date, gpus };
  print(terminal, isJson ? json(result) : asText(api, gpus, into, colorsFor(terminal)));
}

function asText(
  { account }: RunpodApi,
  gpus: readonly ComparedPrice[],
  into: string | undefined,
  colors: Colors,
): Safe {
  const rows = gpus.map(({ id, secure, community, shipped, change }) => [
    id,
    cell(secure, shipped?.secure),
    cell(community, shipped?.community),
    change === null || change === "price" ? "" : NOTES[change],
  ]);
  const [header = safe``, ...body] = tableLines(
    ["GPU TYPE", "SECURE $/H", "COMMUNITY $/H", ""],
    rows,
  );
  const counts = (["price", "new", "gone"] as const).map(
    (change) => gpus.filter((gpu) => gpu.change === change).length,
  );
  const outcome =
    into === undefined
      ? safe`Nothing was written. Use --into FILE to write these prices into the policies' configuration.`
      : safe`Written into ${into}: policies that get this configuration use these prices.`;
  return multiline(
    colors.dim(safe`checked ${account.origin} with the key ${account.fingerprint}`),
    safe``,
    colors.bold(header),
    body,
    safe``,
    safe`Compared with the bundled prices: ${counts[0]} changed, ${counts[1]} new, ${counts[2]} not in the catalog.`,
    outcome,
  );
}

const NOTES = { new: "new", gone: "not in the catalog" };

/** @param shipped undefined for a type that is not in the bundled table */
function cell(price: number | null, shipped: number | null | undefined): string {
  const now = dollarsPerHour(price ?? 0);
  return shipped === undefined || shipped === price
    ? now
    : `${now} (was ${dollarsPerHour(shipped ?? 0)})`;
}
