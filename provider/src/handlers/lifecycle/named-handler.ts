import type { Safe } from "@runpod-stack/kit";
import type { Collection } from "../../api";
import {
  type FieldTable,
  type Inputs,
  type Previewed,
  type Reported,
  rowsOf,
  type Stored,
} from "../../schema";
import type { Context } from "./context";
import { createNamed, type Named } from "./create-named";
import { differences, type InputChange, sameValue } from "./diff";
import { foundInputs } from "./drift";
import { confirm } from "./gone";
import type { Handler } from "./handler";
import { asFound, isImported, liveRecord } from "./record";
import { storedCopy, withoutNewDefaults } from "./reported";
import { REFRESH_AGE_MS, type Snapshot } from "./snapshot";

/** What is specific to a kind of object that cannot carry a token, and so is known by its name. */
export interface NamedKind<I, T extends Named, Create, Update> {
  readonly kind: "Template" | "Volume";
  /** The kind's name in messages. */
  readonly noun: string;
  readonly fields: FieldTable<I>;
  objects(context: Context): {
    readonly snapshot: Snapshot<T>;
    readonly api: Collection<T, Create, Update>;
  };
  check: Handler<I>["check"];
  /** The changes that new inputs make to a stored object. */
  changes(old: Stored<I>, inputs: Previewed<I>): Change<I>[];
  /** What the user should know about these changes. */
  warnings?(inputs: Previewed<I>, changes: readonly Change<I>[]): Safe[];
  /** The request body for some of the inputs. */
  body(inputs: Inputs<I>, fields: readonly Field<I>[]): Partial<Create & Update>;
  /** An object's inputs as RunPod reports them. */
  observed(object: T): Reported<I>;
  /** Whether an object with the name can be the one of a lost answer. */
  fits(object: T, inputs: Inputs<I>): boolean;
  /** The changes that inputs make to an object that was found. @default as the table says */
  changesFound?(object: T, inputs: Inputs<I>, changes: Change<I>[]): Change<I>[];
  /**
   * @throws UserError if only a replacement could make an object match the inputs, or if that is
   * not known
   */
  assertCanStay?(
    id: string,
    inputs: Inputs<I>,
    reported: Reported<I>,
    changes: readonly Change<I>[],
  ): void;
  delete(context: Context, id: string, stored: Stored<I>, what: string): Promise<void>;
}

type Field<I> = keyof I & string;
type Change<I> = InputChange<Field<I>>;

/** The handler of such a kind. */
export function namedHandler<I, T extends Named, Create, Update>(
  named: NamedKind<I, T, Create, Update>,
): Handler<I> {
  const { kind, noun, fields: table, observed, body } = named;
  const rows = rowsOf(table);
  const all = Object.keys(table) as Field<I>[];

  function what(id: string, stored: Stored<I>): string {
    return `${noun} '${(stored as { name?: string }).name}' (${id})`;
  }

  function outputs(
    context: Context,
    inputs: Stored<I>,
    reported: Reported<I> = {},
    old: Stored<I> = {},
  ): Stored<I> {
    const copy = storedCopy(table, inputs, reported, old);
    return { ...copy, __live: liveRecord(context, old) };
  }

  /**
   * Whether a field belongs to an unfinished update. A value of an imported object that the program
   * does not set does not.
   */
  function isWanted(field: Field<I>, inputs: Inputs<I>, old: Stored<I>): boolean {
    return inputs[field] !== undefined || (rows[field]?.removal === "clear" && !isImported(old));
  }

  /** Whether an input has to be sent. */
  function isSent(field: Field<I>, inputs: Inputs<I>, reported: Reported<I>): boolean {
    const row = rows[field];
    if (row?.change !== "update") {
      return false;
    }
    return reported[field] === undefined || !sameValue(row, reported[field], inputs[field]);
  }

  return {
    check: named.check,

    diff(old, inputs) {
      const changes = named.changes(old, inputs);
      return {
        changed: changes.map(({ field }) => field),
        replaces: changes.filter(({ change }) => change === "replace").map(({ field }) => field),
        warnings: named.warnings?.(inputs, changes) ?? [],
      };
    },

    async create(context, inputs) {
      const { snapshot, api } = named.objects(context);
      const object = await createNamed<T>(context, inputs, {
        kind,
        noun,
        snapshot,
        fits: (found) => named.fits(found, inputs),
        create: () => api.create(body(inputs, all) as Create),
        changes: (found) => {
          const changes = differences(table, { ...inputs, ...observed(found) }, inputs);
          return named.changesFound?.(found, inputs, changes) ?? changes;
        },
        update: ({ id }, fields) =>
          api.update(id, body(inputs, fields as readonly Field<I>[]) as Update),
        outputs: outputs(context, inputs),
      });
      return { id: object.id, outputs: outputs(context, inputs, observed(object)) };
    },

    async read(context, id, stored) {
      const { snapshot, api } = named.objects(context);
      const listed = (await snapshot.list(REFRESH_AGE_MS)).find((object) => object.id === id);
      const object =
        listed ?? (await confirm(context, what(id, stored), stored, () => api.get(id)));
      if (object === undefined) {
        return undefined;
      }
      const reported = observed(object);
      const inputs = foundInputs(table, named.check, stored, reported);
      return { inputs, outputs: asFound(outputs(context, inputs, reported, stored), stored) };
    },

    async update(context, id, old, given) {
      const { snapshot, api } = named.objects(context);
      const changes = named.changes(old, given as Previewed<I>);
      const isUncertain = isImported(old) || changes.some(({ change }) => change === "verify");
      const isUnfinished = changes.length === 0;
      const found = isUncertain || isUnfinished ? await api.get(id) : undefined;
      const reported = found === undefined ? {} : observed(found);
      const inputs = withoutNewDefaults(given, old, reported);
      if (isUncertain) {
        named.assertCanStay?.(id, inputs, reported, changes);
      }
      const fields = isUnfinished
        ? all.filter((field) => field in reported && isWanted(field, inputs, old))
        : changes.map(({ field }) => field);
      const sent = fields.filter((field) => isSent(field, inputs, reported));
      const request = body(inputs, sent) as Update & object;
      const object = Object.keys(request).length === 0 ? found : await api.update(id, request);
      if (object !== undefined) {
        snapshot.put(object);
      }
      return outputs(context, inputs, object === undefined ? {} : observed(object), old);
    },

    delete: (context, id, stored) => named.delete(context, id, stored, what(id, stored)),
  };
}
