import type { AccountObject, AccountObjects } from "../state/account-objects";
import type { Account } from "../state/store";

/** What an object consists of before it has an identity and an entry in the ledger. */
type Fields<T> = Omit<T, keyof AccountObject>;

/** The rules of one kind of an account's smaller objects. Schemas are those of RunPod's description. */
export interface ObjectRules<K extends keyof AccountObjects, Create, Update = never> {
  readonly kind: K;
  /** The kind's name in refusals. */
  readonly noun: string;
  readonly idPrefix?: string;
  readonly idLength: number;
  readonly createSchema: string;
  /** @throws ApiError if the request is refused */
  create(account: Account, request: Create, now: number): Fields<AccountObjects[K]>;
  /** Absent: nothing can be changed. */
  readonly update?: {
    readonly schema: string;
    /** @throws ApiError if the request is refused */
    apply(account: Account, object: AccountObjects[K], request: Update, now: number): void;
  };
  /** Prepares the deletion. @throws ApiError if it is refused */
  release?(account: Account, object: AccountObjects[K]): void;
  /** The object as RunPod shows it. */
  view(object: AccountObjects[K]): object;
  /** Its name in the ledger. */
  label(fields: Fields<AccountObjects[K]>): string;
  /** Whether no GET shows a single one. */
  readonly isListedOnly?: true;
  /** Whether the deletion of an unknown object succeeds. */
  readonly isDeletedTwice?: true;
  /** The filters of the list: whether an object passes the value of a query parameter. */
  readonly filters?: Readonly<Record<string, (object: AccountObjects[K], text: string) => boolean>>;
}

/** A time as RunPod writes it. */
export function timestamp(at: number): string {
  return new Date(at).toISOString();
}
