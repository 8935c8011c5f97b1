/** A text as a sentence of its own: RunPod's end with a full stop or without. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
