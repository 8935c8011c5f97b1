/** @deprecated Import from `@runpod-stack/models`. */
export * from "@runpod-stack/models";
