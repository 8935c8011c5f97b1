import { foreign, type Safe, safe } from "@runpod-stack/kit";
/** A text as a sentence of its own: RunPod's end with a full stop or without. */
export function sentence(text: string): Safe {
  return /[.!?]$/.test(text) ? foreign(text) : safe`${text}.`;
}
