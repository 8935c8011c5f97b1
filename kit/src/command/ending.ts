import type { Safe } from "../safe";

/** How a command ends. */
export const STATUS = {
  done: 0,
  /** It did its work and found what someone must see to, such as a violated rule or a lost pod. */
  found: 1,
  /** It could not do its work: what it was given, or what it depends on, cannot be used. */
  unusable: 2,
} as const;

export type Status = (typeof STATUS)[keyof typeof STATUS];

/** The user's input cannot be used: shown as it is, without a stack trace. */
export class UnusableInput extends Error {
  declare readonly message: Safe;

  /** @param lines of another program, shown below the message as they are */
  constructor(
    message: Safe,
    readonly lines?: Safe,
  ) {
    super(message);
  }
}
