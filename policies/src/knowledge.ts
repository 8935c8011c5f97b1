import type { PriceTable } from "@runpod-stack/models";

/** The user's additions to the bundled tables. */
export interface Knowledge {
  /** Sizes of models by repository id. */
  readonly models: Readonly<Record<string, ModelFigures>>;
  /** The known image that each of the user's images behaves like, by name with or without a tag. */
  readonly images: Readonly<Record<string, string>>;
  /** Prices that are newer than the bundled ones. */
  readonly prices?: PriceTable | undefined;
}

/** No additions. */
export const NOTHING: Knowledge = { models: {}, images: {} };

export interface ModelFigures {
  /** Size of the weights as downloaded, in decimal GB. */
  readonly weightsGb?: number;
  /** Billions of parameters, including all experts. */
  readonly parametersB?: number;
}

/** The image to look up in the tables: the image itself, or the one it is configured to behave like. */
export function knownImage(image: string, { images }: Knowledge): string {
  const name = withoutTag(image);
  if (Object.hasOwn(images, image)) {
    return images[image] ?? image;
  }
  return Object.hasOwn(images, name) ? (images[name] ?? image) : image;
}

/** The user's sizes of a model; empty if there are none. */
export function figuresOf(model: string, { models }: Knowledge): ModelFigures {
  return Object.hasOwn(models, model) ? (models[model] ?? {}) : {};
}

function withoutTag(image: string): string {
  return image
    .split("@", 1)
    .join("")
    .replace(/:[^:/]*$/, "");
}
