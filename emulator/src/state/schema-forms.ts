export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: "string" };
export const yesOrNo: Schema = { type: "boolean" };
export const number: Schema = { type: "number" };
export const amount: Schema = { type: "number", minimum: 0 };
export const whole: Schema = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
/** Milliseconds since the epoch, up to the end of the year 9999. */
export const time: Schema = { type: "number", minimum: 0, maximum: Date.UTC(9999, 11, 31) };
export const cloud: Schema = { enum: ["SECURE", "COMMUNITY"] };

export const orNull = (schema: Schema): Schema => ({ anyOf: [{ type: "null" }, schema] });
export const list = (items: Schema): Schema => ({ type: "array", items });
export const byName = (values: Schema): Schema => ({
  type: "object",
  additionalProperties: values,
});
export const pair = (first: Schema, second: Schema): Schema => ({
  type: "array",
  prefixItems: [first, second],
  minItems: 2,
  maxItems: 2,
});
export const object = (
  required: Record<string, Schema>,
  optional: Record<string, Schema> = {},
) => ({
  type: "object",
  required: Object.keys(required),
  properties: { ...required, ...optional },
});

/** The settings of a container. */
export const containerSettings = {
  image: text,
  command: object({ entrypoint: orNull(list(text)), cmd: orNull(list(text)), args: text }),
  disk: amount,
  ports: list({ type: "string", pattern: "^\\d+/(http|tcp)$" }),
  env: byName(text),
  registry: orNull(text),
};

/** What a container takes from its account when it boots. */
export const boot = { env: byName(text), access: { enum: ["granted", "anonymous", "refused"] } };
