import { hideSecret } from "@runpod-stack/kit";
import { HOSTILE_STRINGS, harmIn, type Kind, KNOWN_SECRET } from "../support/hostile-strings";
import { ofCommands } from "../support/hostile-surfaces/commands";
import { ofEmulator } from "../support/hostile-surfaces/emulator";
import { ofPolicies } from "../support/hostile-surfaces/policies";
import { ofProvider } from "../support/hostile-surfaces/provider";

jest.setTimeout(60_000);

const SURFACES = { ...ofProvider, ...ofCommands, ...ofPolicies, ...ofEmulator };
const TEXTS = HOSTILE_STRINGS.map(([, hostile]) => hostile);

// On a machine that does other things, too.
jest.setTimeout(60_000);

/** Surfaces with lines of others, sentences that are wrapped, and data for programs. */
const KINDS: Readonly<Record<string, Kind>> = {
  "runpod-stack, as it is refused": "wrapped",
  "runpod-policies, as it is refused": "wrapped",
  "runpod-stack diagnose": "lines",
  "runpod-policies report": "lines",
  "runpod-policies check --json": "data",
  "runpod-policies check --sarif": "data",
  "runpod-policies check --json of a stack": "data",
  "runpod-policies check --sarif of a stack": "data",
  "runpod-policies check --code-quality of a stack": "data",
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
