import type { Values } from "./field";
import { isHidden, STANDING } from "./hidden";
import { isUnknown, UNKNOWN } from "./unknown";

/*
 * How hidden keys are stored: in a line of JSON. The engine writes the whole state at every step, so
 * that its time grows with the properties of every resource.
 */

/** Separate in inputs: a preview may not know them, and its plan holds `up` to everything else. */
const CREATION: readonly string[] = ["__token", "__account"];

const isStanding = (key: string) => !isHidden(key) || STANDING.includes(key);
const isCreation = (key: string) => CREATION.includes(key);
const isKept = (key: string) => !isStanding(key);

/** The values with each hidden key by itself, as releases before these lines stored them. */
export function unpack(values: Values): Values {
  const { __identity, __creation, __kept, ...rest } = values;
  const creation = isUnknown(__creation)
    ? Object.fromEntries(CREATION.map((key) => [key, UNKNOWN]))
    : read("__creation", __creation);
  return { ...rest, ...hiddenKeys(__identity), ...creation, ...read("__kept", __kept) };
}

/** Outputs as they are stored. */
export function packOutputs(values: Values): Values {
  return { ...pick(values, isStanding), ...line("__kept", pick(values, isKept)) };
}

/** Inputs as they are stored. */
export function packInputs(values: Values): Values {
  const kept = pick(values, (key) => isKept(key) && !isCreation(key));
  const creation = line("__creation", pick(values, isCreation));
  return { ...pick(values, isStanding), ...creation, ...line("__kept", kept) };
}

/** Whether stored values have hidden keys by themselves. */
export function isUnpacked(values: Values): boolean {
  const lines = ["__identity", "__creation", "__kept"];
  return Object.keys(values).some((key) => isKept(key) && !lines.includes(key));
}

function pick(values: Values, isPicked: (key: string) => boolean): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => isPicked(key)));
}

function hiddenKeys(values: unknown): Values {
  return Object.fromEntries(
    Object.entries(Object(values)).map(([key, item]) => [`__${key}`, item]),
  );
}

function line(name: string, values: Values): Values {
  const entries = Object.entries(shortened(values));
  if (entries.length === 0) {
    return {};
  }
  if (entries.some(([, value]) => isUnknown(value))) {
    return { [name]: UNKNOWN };
  }
  const bare = Object.fromEntries(entries.map(([key, value]) => [key.slice(2), value]));
  return { [name]: swapQuotes(JSON.stringify(bare)) };
}

function read(name: string, stored: unknown): Values {
  if (typeof stored !== "string") {
    return {};
  }
  try {
    return lengthened(hiddenKeys(JSON.parse(swapQuotes(stored))));
  } catch {
    throw new Error(
      `${name} in the state cannot be read. Restore the state as it was before an edit.`,
    );
  }
}

/** The state is JSON itself, in which each double quote inside a string takes two characters. */
function swapQuotes(text: string): string {
  return text.replaceAll(/['"]/g, (quote) => (quote === "'" ? '"' : "'"));
}

/** Accounts as "fingerprint@origin". An object's is nearly always the one that was asked, and left out. */
function shortened({ __account, __live, ...rest }: Values): Values {
  const { account, ...live } = Object(__live);
  const [asked, own] = [accountText(__account), accountText(account)];
  return {
    ...rest,
    ...(asked !== undefined && { __account: asked }),
    ...(__live !== undefined && { __live: own === asked ? live : { ...live, account: own } }),
  };
}

function lengthened({ __account, __live, ...rest }: Values): Values {
  const { account = __account, ...live } = Object(__live);
  return {
    ...rest,
    ...(__account !== undefined && { __account: accountOf(__account) }),
    ...(__live !== undefined && { __live: { ...live, account: accountOf(account) } }),
  };
}

function accountText(account: unknown): unknown {
  if (account === undefined || isUnknown(account)) {
    return account;
  }
  const { origin, fingerprint = "" } = Object(account);
  return `${fingerprint}@${origin}`;
}

function accountOf(text: unknown): unknown {
  if (typeof text !== "string") {
    return undefined;
  }
  const at = text.indexOf("@");
  const origin = text.slice(at + 1);
  return at === 0 ? { origin } : { origin, fingerprint: text.slice(0, at) };
}
