/** The content of a file cannot be checked. */
export class UnreadableInput extends Error {}
