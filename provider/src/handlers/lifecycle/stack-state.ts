import { isMarkedName, markOf, stackMark } from "../../core/mark";
import { KINDS, type Kind, typeToken, unpack, type Values } from "../../schema";
import { objectName } from "./objects";

/** An object in the state, or the pending create of one. */
export interface Stored {
  /** Undefined for a create that is only in this machine's log. */
  readonly urn: string | undefined;
  readonly kind: Kind;
  /** RunPod's id; undefined for a pending create. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** The resource's name in the program. */
  readonly logicalName: string | undefined;
  /** The creation token, if it has one. */
  readonly token: string | undefined;
  /** The account that last managed it, or that an unfinished create used. */
  readonly account: { readonly origin: string; readonly fingerprint: string } | undefined;
}

/** A stack's objects in one account: everything that uses one provider. */
export interface Share {
  /** "<URN>::<id>" of that provider. */
  readonly reference: string;
  /** The name of the program's own `Provider`; undefined for the default one. */
  readonly provider: string | undefined;
  /** The stored configuration of that provider. */
  readonly configuration: Values;
  /** The stack marks of its Ownership resources. */
  readonly marks: ReadonlySet<string>;
  readonly known: readonly Stored[];
  /** Creates whose result the state does not record: the journal of creates. */
  readonly pending: readonly Stored[];
}

/** The part of a stack's state that matters here. */
export interface StackState {
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenAt: number;
  readonly shares: readonly Share[];
  /** "<kind> <id>" of every object in it. */
  readonly ids: ReadonlySet<string>;
  /** The creation tokens of these objects. */
  readonly tokens: ReadonlySet<string | undefined>;
  /** URNs of pending creates of other packages' resources. */
  readonly otherPending: readonly string[];
}

/** The largest export that is read. */
export const LARGEST_STATE_BYTES = 512 * 1024 * 1024;

/** Reads a deployment as `pulumi stack export` prints it. */
export function readState(exported: unknown): StackState {
  const { deployment } = Object(exported) as { deployment?: Deployment };
  const resources = deployment?.resources ?? [];
  const pending = (deployment?.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .map(({ resource }) => resource);
  const references = [...resources, ...pending].filter(isOwn).map(providerOf);
  const known = resources.filter(isOwn).map(stored);
  return {
    ids: new Set(known.map(({ kind, id }) => `${kind} ${id}`)),
    tokens: new Set(known.map(({ token }) => token)),
    writtenAt: Date.parse(deployment?.manifest?.time ?? ""),
    shares: [...new Set(references)].map((reference) => {
      const goesThrough = (resource: Resource) =>
        isOwn(resource) && providerOf(resource) === reference;
      const provider = resources.find(({ urn, id }) => `${urn}::${id}` === reference);
      return share(
        reference,
        provider?.inputs ?? {},
        resources.filter(goesThrough).map(stored),
        pending.filter(goesThrough).map(stored),
      );
    }),
    otherPending: pending.filter((resource) => !isOwn(resource)).map(({ urn }) => urn),
  };
}

/** Whether a name is the automatic one that is made from the token. */
export function hasAutomaticName({ name, token }: Stored): boolean {
  return name !== undefined && isMarkedName(name, markOf(token) ?? "none");
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Values;
  readonly outputs?: Values;
  /** "<URN>::<id>" of the provider. */
  readonly provider?: string;
}

interface Deployment {
  readonly manifest?: { readonly time?: string };
  readonly resources?: readonly Resource[];
  readonly pending_operations?: readonly { readonly type: string; readonly resource: Resource }[];
}

const KIND_OF_TYPE = new Map<string, Kind>(KINDS.map((kind) => [typeToken(kind), kind]));

function isOwn({ type }: Resource): boolean {
  return KIND_OF_TYPE.has(type);
}

function providerOf({ provider }: Resource): string {
  return provider ?? "";
}

function share(
  reference: string,
  configuration: Values,
  known: readonly Stored[],
  pending: readonly Stored[],
): Share {
  const name = reference.split("::").at(-2);
  const ownerships = known.filter(({ kind }) => kind === "Ownership");
  return {
    reference,
    provider: name === undefined || /^default(_|$)/.test(name) ? undefined : name,
    configuration,
    marks: new Set(ownerships.map(({ id }) => stackMark(id ?? ""))),
    known,
    pending,
  };
}

function stored({ urn, type, id, inputs, outputs }: Resource): Stored {
  // An adopted object keeps the token of the run that created it, which its outputs record.
  const values: Values = { ...unpack(inputs ?? {}), ...unpack(outputs ?? {}) };
  const { __logicalName, __token: token, __account: asked, __live } = values;
  const kind = KIND_OF_TYPE.get(type) as Kind;
  const name = objectName(kind, values);
  const live = Object(__live) as Pick<Stored, "account">;
  const { fingerprint } = Object(asked) as { fingerprint?: string };
  return {
    urn,
    kind,
    id: id || undefined,
    name: typeof name === "string" ? name : undefined,
    logicalName: typeof __logicalName === "string" ? __logicalName : undefined,
    token: markOf(token) === undefined ? undefined : String(token),
    // For resources that are not objects at RunPod, only the API is known.
    account: live.account ?? (fingerprint ? (asked as Stored["account"]) : undefined),
  };
}
