import type { PriceTable } from "@runpod-stack/models";

/** What a user knows better than the shipped tables. */
export interface Knowledge {
  /** Figures of models by repository id. */
  readonly models: Readonly<Record<string, ModelFigures>>;
  /** Images that serve models, by name with or without a tag: the known image that each behaves like. */
  readonly images: Readonly<Record<string, string>>;
  /** Prices that are newer. */
  readonly prices?: PriceTable | undefined;
}

/** What is known without any configuration. */
export const NOTHING: Knowledge = { models: {}, images: {} };

export interface ModelFigures {
  /** Size of the weights as downloaded, in decimal GB. */
  readonly weightsGb?: number;
  /** Billions of parameters, all experts counted. */
  readonly parametersB?: number;
}

/** The image as the tables know it: itself, unless the user says what it behaves like. */
export function knownImage(image: string, { images }: Knowledge): string {
  const name = withoutTag(image);
  if (Object.hasOwn(images, image)) {
    return images[image] ?? image;
  }
  return Object.hasOwn(images, name) ? (images[name] ?? image) : image;
}

/** The user's figures of a model, empty if there are none. */
export function figuresOf(model: string, { models }: Knowledge): ModelFigures {
  return Object.hasOwn(models, model) ? (models[model] ?? {}) : {};
}

function withoutTag(image: string): string {
  return image
    .split("@", 1)
    .join("")
    .replace(/:[^:/]*$/, "");
}
