/** @deprecated Import from `@runpod-stack/openapi`. */
export * from "@runpod-stack/openapi";
