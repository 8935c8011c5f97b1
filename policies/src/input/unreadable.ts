/** A file's text is nothing that can be judged. */
export class UnreadableInput extends Error {}
