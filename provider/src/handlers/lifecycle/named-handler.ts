import type { Safe } from "@runpod-stack/kit";
import type { Collection } from "../../api";
import {
  checkInputs,
  type FieldTable,
  type Inputs,
  isHidden,
  type Previewed,
  type Reported,
  type Rule,
  rowsOf,
  type Stored,
  type Values,
} from "../../schema";
import type { Context } from "./context";
import { createNamed, type Named } from "./create-named";
import {
  changedFields,
  differences,
  type InputChange,
  isDefault,
  sameValue,
  storedChanges,
} from "./diff";
import { foundInputs } from "./drift";
import { type Deletion, deleteForSure } from "./gone";
import type { Handler } from "./handler";
import { confirm, refreshed } from "./look-up";
import { type NamedObjectKind, NOUNS, objectName } from "./objects";
import { asFound, isImported, liveRecord } from "./record";
import { assertMatches, storedCopy, withoutNewDefaults } from "./reported";
import type { Snapshot } from "./snapshot";
import { automaticName, withToken } from "./token";

/** What is specific to a kind of object that cannot carry a token, and so is known by its name. */
export interface NamedKind<I, T extends Named, Create, Update> {
  readonly kind: NamedObjectKind;
  readonly fields: FieldTable<I>;
  objects(context: Context): {
    readonly snapshot: Snapshot<T>;
    readonly api: Collection<T, Create, Update>;
  };
  readonly rules?: readonly Rule<I>[];
  /** @default checks the table and the rules, and fills in an automatic name */
  check?: Handler<I>["check"];
  /** The changes that new inputs make to a stored object. @default as the table says */
  changes?(old: Stored<I>, inputs: Previewed<I>): Change<I>[];
  /** What the user should know about these changes. */
  warnings?(inputs: Previewed<I>, changes: readonly Change<I>[], old: Stored<I>): Safe[];
  /** The request body for some of the inputs. */
  body(inputs: Inputs<I>, fields: readonly Field<I>[]): Partial<Create & Update>;
  /** An object's inputs as RunPod reports them. */
  observed(object: T): Reported<I>;
  /** What only a comparison with the stored properties reveals, on a refresh. */
  drift?(object: T, stored: Stored<I>): Reported<I>;
  /** The outputs that are no inputs, after a write or a read. */
  outputs?(object: T, old: Stored<I>): Values;
  /** Whether an object with the name can be the one of a lost answer. */
  fits(object: T, inputs: Inputs<I>): boolean;
  /** The changes that inputs make to an object that was found. @default as the table says */
  changesFound?(object: T, inputs: Inputs<I>, changes: Change<I>[]): Change<I>[];
  /**
   * @throws UserError if only a replacement could make an object match the inputs, or if that is
   * not known. @default judges the changes that only a replacement can make
   */
  assertCanStay?(
    id: string,
    inputs: Inputs<I>,
    reported: Reported<I>,
    changes: readonly Change<I>[],
  ): void;
  /** Completes a new object with what a list does not show. Never fails. */
  settled?(context: Context, object: T): Promise<T>;
  /** Whether the stored properties lack what a list does not show. @default never */
  lacks?(stored: Stored<I>): boolean;
  /** Whether an interrupted run's object is deleted if it cannot become what the program wants. @default false */
  readonly discardsLost?: true;
  /** How the object is deleted. @default with one request, as an object that is not billed */
  deletion?(context: Context, id: string, stored: Stored<I>): Partial<Deletion<T>>;
  /** @default as `deletion` says */
  delete?(context: Context, id: string, stored: Stored<I>, what: string): Promise<void>;
}

type Field<I> = keyof I & string;
type Change<I> = InputChange<Field<I>>;

/** The handler of such a kind. */
export function namedHandler<I, T extends Named, Create, Update>(
  named: NamedKind<I, T, Create, Update>,
): Handler<I> {
  const { kind, fields: table, observed, body, settled } = named;
  const noun = NOUNS[kind];
  const rows = rowsOf(table);
  const all = Object.keys(table) as Field<I>[];

  function what(id: string, stored: Stored<I>): string {
    return `${noun} '${objectName(kind, stored as Values)}' (${id})`;
  }

  function check(old: Stored<I>, given: Values): ReturnType<Handler<I>["check"]> {
    if (named.check !== undefined) {
      return named.check(old, given);
    }
    const defaults = (inputs: Previewed<I>) =>
      ("name" in table ? { name: automaticName(inputs) } : {}) as Previewed<I>;
    return checkInputs(table, named.rules ?? [], old, withToken(old, given), defaults);
  }

  function changesOf(old: Stored<I>, inputs: Previewed<I>): Change<I>[] {
    return named.changes?.(old, inputs) ?? storedChanges(table, old as Values, inputs as Values);
  }

  function outputs(
    context: Context,
    inputs: Stored<I>,
    object: T | undefined,
    old: Stored<I> = {},
    reported: Reported<I> = object === undefined ? {} : observed(object),
  ): Stored<I> {
    const copy = storedCopy(table, inputs as Values, reported as Values, old as Values);
    const before = named.outputs === undefined ? {} : notInputs(old);
    const more = object === undefined ? {} : named.outputs?.(object, old);
    return { ...copy, ...before, ...more, __live: liveRecord(context, old) } as Stored<I>;
  }

  /** An automatic name that cannot change stays the one of the run that created the object. */
  function withNameOf(object: T, inputs: Inputs<I>): Inputs<I> {
    const isFixed = rows["name"]?.change === "replace" && isDefault(inputs as Values, "name");
    return isFixed ? { ...inputs, name: object.name } : inputs;
  }

  /** Without secrets that were not written: nothing else would show that they have to be. */
  function withoutSecrets(inputs: Inputs<I>, fields: readonly string[]): Inputs<I> {
    const isWritten = (key: string) => !fields.includes(key) || rows[key]?.secret !== "whole";
    return Object.fromEntries(
      Object.entries(inputs).filter(([key]) => isWritten(key)),
    ) as unknown as Inputs<I>;
  }

  /** Outputs of an object that this time does not show them. */
  function notInputs(old: Stored<I>): Values {
    const kept = Object.entries(old as Values).filter(
      ([key]) => !Object.hasOwn(table, key) && !isHidden(key),
    );
    return Object.fromEntries(kept);
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
    check,

    diff(old, inputs) {
      const changes = changesOf(old, inputs);
      return {
        ...changedFields(changes),
        warnings: named.warnings?.(inputs, changes, old) ?? [],
      };
    },

    async create(context, inputs) {
      const { snapshot, api } = named.objects(context);
      const object = await createNamed<T>(context, inputs, {
        kind,
        noun,
        snapshot,
        sharesNames: "allowDuplicateName" in table,
        fits: (found) => named.fits(found, inputs),
        create: () => api.create(body(inputs, all) as Create),
        changes: (found) => {
          const wanted = withNameOf(found, inputs);
          const changes = differences(table, { ...wanted, ...observed(found) }, wanted as Values);
          return named.changesFound?.(found, inputs, changes) ?? changes;
        },
        ...(settled && { settled: (found: T) => settled(context, found) }),
        ...(named.discardsLost && { discard: ({ id }) => api.delete(id) }),
        update: ({ id }, fields) =>
          api.update(id, body(inputs, fields as readonly Field<I>[]) as Update),
        outputs: (found, fields) =>
          outputs(context, withoutSecrets(withNameOf(found, inputs), fields), undefined),
      });
      return { id: object.id, outputs: outputs(context, withNameOf(object, inputs), object) };
    },

    async read(context, id, stored) {
      const { snapshot, api } = named.objects(context);
      const object = named.lacks?.(stored)
        ? await confirm(context, what(id, stored), stored, () => api.get(id))
        : await refreshed(context, what(id, stored), stored, id, snapshot, api);
      if (object === undefined) {
        return undefined;
      }
      const reported = { ...observed(object), ...named.drift?.(object, stored) };
      const inputs = foundInputs(table, check, stored as Values, reported as Values);
      const found = outputs(context, inputs, object, stored, reported);
      return { inputs, outputs: asFound(found, stored) };
    },

    async update(context, id, old, given) {
      const { snapshot, api } = named.objects(context);
      const changes = changesOf(old, given as Previewed<I>);
      const isUncertain = isImported(old) || changes.some(({ change }) => change === "verify");
      const isUnfinished = changes.length === 0;
      const found = isUncertain || isUnfinished ? await api.get(id) : undefined;
      const reported = found === undefined ? {} : observed(found);
      const inputs = withoutNewDefaults(given, old, reported);
      if (isUncertain) {
        named.assertCanStay === undefined
          ? assertMatches(
              table,
              what(id, inputs as Stored<I>),
              inputs as Values,
              reported as Values,
              changes,
            )
          : named.assertCanStay(id, inputs, reported, changes);
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
      return outputs(context, inputs, object, old);
    },

    async delete(context, id, stored) {
      if (named.delete !== undefined) {
        await named.delete(context, id, stored, what(id, stored));
        return;
      }
      const { snapshot, api } = named.objects(context);
      await deleteForSure(context, what(id, stored), stored, {
        remove: () => api.delete(id),
        get: () => api.get(id),
        bill: () => "not billed",
        ...named.deletion?.(context, id, stored),
      });
      snapshot.remove(id);
    },
  };
}
