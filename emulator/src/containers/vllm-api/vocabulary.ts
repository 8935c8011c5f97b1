import { CHARACTERS_PER_TOKEN } from "../canned-answer";

/** Tokens of a made-up tokenizer: a piece keeps its id as long as the server runs, so that ids can be read back. */
export class Vocabulary {
  private readonly ids = new Map<string, number>();
  private readonly pieces = new Map<number, string>();

  /** The pieces of a prompt. */
  split(text: string): string[] {
    return Array.from({ length: Math.ceil(text.length / CHARACTERS_PER_TOKEN) }, (_, index) =>
      text.slice(index * CHARACTERS_PER_TOKEN, (index + 1) * CHARACTERS_PER_TOKEN),
    );
  }

  /** The same for the same piece. */
  idOf(piece: string): number {
    const known = this.ids.get(piece);
    if (known !== undefined) {
      return known;
    }
    let id = hash(piece);
    // Two pieces share an id only once all are taken.
    while (this.pieces.has(id) && this.pieces.size < SIZE) {
      id = (id + 1) % SIZE;
    }
    if (!this.pieces.has(id)) {
      this.ids.set(piece, id);
      this.pieces.set(id, piece);
    }
    return id;
  }

  /** What tokens stand for. One that was never given out is shown by its number. */
  text(ids: readonly number[]): string {
    return ids.map((id) => this.pieces.get(id) ?? `<|${id}|>`).join("");
  }
}

/** As many as Qwen3 has. */
const SIZE = 151_643;

function hash(piece: string): number {
  let id = 0;
  for (let index = 0; index < piece.length; index++) {
    id = (id * 31 + piece.charCodeAt(index)) % SIZE;
  }
  return id;
}
