import type { ServerKind } from "./server";

/** What is known of an image by its name; null where nothing is. */
export interface ImageFacts {
  readonly server: ServerKind | null;
  /** null without a tag. */
  readonly tag: string | null;
  /** The least CUDA version that the host's driver must bring, as `"12.8"`. */
  readonly minHostCuda: string | null;
  /** The CUDA version inside, as `"13.0"`. */
  readonly cuda: string | null;
  /** Whether the image's own CUDA-compat libraries win over a newer host driver. */
  readonly compatConflict: boolean | null;
  readonly compressedGb: number | null;
  /** Built for B200. */
  readonly sm100: boolean | null;
  /** Built for RTX 50xx and RTX PRO Blackwell. */
  readonly sm120: boolean | null;
  /** A digest, or a tag that is not one of those known to move. */
  readonly pinned: boolean;
}

/** What is known of an image. A tag newer than the table yields nulls: the newest known facts are not assumed. */
export function imageFacts(_imageName: string): ImageFacts {
  return {
    server: null,
    tag: null,
    minHostCuda: null,
    cuda: null,
    compatConflict: null,
    compressedGb: null,
    sm100: null,
    sm120: null,
    pinned: false,
  };
}
