import { z } from "zod";
import { isPredefinedEnv } from "./predefined-env";

/*
 * Building blocks of the field tables. Every message reads "<rule>. <remedy>"; the field's name and
 * value are put in front of it.
 */

/** A non-empty string. */
export const text = z
  .string({ error: "must be a string" })
  .min(1, "must not be empty. Set a value, or remove the field");

/** The name of a container image in a registry. */
export const image = text.refine(
  (name) => !/^https?:\/\//i.test(name),
  "must be the name of an image, not a URL. Use a name such as vllm/vllm-openai:v0.20.0",
);

/** A Boolean. */
export const flag = z.boolean({ error: "must be true or false" });

/** A whole number from `min` to `max`. */
export function whole(unit: string, min: number, max?: number): z.ZodType<number> {
  const range = max === undefined ? `${min} or more` : `from ${min} to ${max}`;
  const error =
    unit === ""
      ? `must be a whole number, ${range}`
      : `must be a whole number of ${unit}, ${range}`;
  const number = z.number({ error }).int(error).min(min, error);
  return max === undefined ? number : number.max(max, error);
}

/** The virtual CPUs of a CPU pod or endpoint. */
export const vcpus = whole("virtual CPUs", 2).refine(
  (count) => Number.isInteger(Math.log2(count)),
  { error: "must be a power of two, such as 4 or 8" },
);

/** An amount of US dollars. */
export const dollars = z
  .number({ error: "must be a number of US dollars, such as 1.5" })
  .positive("must be more than 0. Set a higher amount, or remove it");

/** One of the given strings. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T, hint = "") {
  return z.enum(words, { error: `must be one of ${words.join(", ")}${hint && `. ${hint}`}` });
}

/** A list of distinct strings. */
export function listOf(item: z.ZodType<string>, what: string, min = 0): z.ZodType<string[]> {
  return z
    .array(item, { error: `must be a list of ${what}` })
    .min(min, `must not be empty. List ${what}, or remove the field`)
    .superRefine((items, context) => {
      items.forEach((value, index) => {
        if (items.indexOf(value) < index) {
          context.addIssue({
            code: "custom",
            path: [index],
            message: "is listed twice. Remove one",
          });
        }
      });
    });
}

/** A string, or a /regular expression/, to search for. */
export const searched = text.superRefine(isPattern);

/** The path of an HTTP request. */
export const requestPath = text.regex(/^\/[^\s#]*$/, "must begin with / and contain no spaces");

/** An argument vector, in exec form. */
export const argv = z.array(z.string({ error: "must be a string" }), {
  error: 'must be a list of strings, one per argument, such as ["bash", "-c", "…"]',
});

/** `<port>/http` or `<port>/tcp`. Source: RunPod docs, pods/configuration/expose-ports. */
export const ports = listOf(
  z.string({ error: 'must be a string such as "8000/http"' }).superRefine((value, context) => {
    const match = /^(\d{1,5})\/(http|tcp)$/.exec(value);
    const port = Number(match?.[1]);
    const message = !match
      ? 'must be <port>/http or <port>/tcp, such as "8000/http" or "22/tcp"'
      : port < 1 || (port > 65_535 && !(match[2] === "tcp" && port >= 70_000))
        ? "must use a port from 1 to 65535, or a tcp port of 70000 or more to request a symmetrical mapping"
        : undefined;
    if (message) {
      context.addIssue({ code: "custom", message });
    }
  }),
  'ports such as "8000/http"',
).superRefine((list, context) => {
  const http = list.filter((port) => port.endsWith("/http")).length;
  if (http > 10) {
    const message = `has ${http} HTTP ports, and RunPod allows 10. Remove ${http - 10}, or expose some as tcp`;
    context.addIssue({ code: "custom", message });
  }
});

/** Environment variables: strings by name. */
export const env = z
  .record(
    z.string(),
    z.string({ error: 'must be a string. Quote numbers and booleans, as in "1"' }),
    {
      error: "must be a map from names to strings",
    },
  )
  .superRefine((map, context) => {
    for (const [name, value] of Object.entries(map)) {
      const message = envProblem(name, value);
      if (message) {
        context.addIssue({ code: "custom", path: [name], message });
      }
    }
  });

/** `major.minor`, such as "12.8". */
export const cudaVersion = z
  .string({ error: 'must be a string such as "12.8"' })
  .regex(/^\d+\.\d+$/, 'must be major.minor, such as "12.8"');

/** An absolute path inside the container. */
export const mountPath = z
  .string({ error: "must be a string such as /workspace" })
  .regex(/^\/[^\0]*[^/\0]$/, "must be an absolute path below /, without a trailing slash")
  .refine(
    (path) => !path.split("/").some((part) => part === "." || part === ".."),
    "must not contain . or .. segments. Write the path out",
  );

/** A RunPod object's id. */
export const objectId = z
  .string({ error: "must be a string" })
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be a RunPod id: at most 64 letters, digits, - and _");

/** A GPU type as RunPod's catalog names it, such as "NVIDIA B200". */
export const gpuTypeId = text.refine(
  (id) => !/^(ADA|AMPERE|HOPPER|BLACKWELL)_\d+/.test(id),
  'is a serverless pool, not a GPU type. Use a type from the catalog, such as "NVIDIA L40S"',
);

/** A duration such as "45m", "90s" or "1h30m". */
export const duration = z
  .string({ error: 'must be a duration such as "45m"' })
  .regex(
    /^(\d+(\.\d+)?(ms|s|m|h))+$/,
    'must be a duration with units, such as "45m", "90s" or "1h30m"',
  );

function envProblem(name: string, value: unknown): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return "is not a valid name for an environment variable. Use letters, digits and _, and do not begin with a digit";
  }
  if (isPredefinedEnv(name)) {
    return "is reserved: RunPod or this provider sets it in every pod. Choose another name";
  }
  if (typeof value === "string" && value.includes("\0")) {
    return "contains a NUL character, which environment variables cannot hold. Remove it";
  }
  if (name === "PUBLIC_KEY" && typeof value === "string") {
    return publicKeyProblem(value);
  }
  return undefined;
}

/** What is wrong with lines of public keys, if anything is. */
export function publicKeyProblem(value: string): string | undefined {
  const remedy = 'Use the content of the .pub file, one key per line, such as "ssh-ed25519 AAAA…"';
  if (value.includes("PRIVATE KEY")) {
    return `contains a private key. ${remedy}`;
  }
  if (value.includes("\r")) {
    return `contains carriage returns, which break sshd's key file. ${remedy}`;
  }
  const lines = value.split("\n").filter((line) => line.trim() !== "");
  const isKey = (line: string) =>
    /^(ssh-|ecdsa-|sk-|\{\{|no-|command=|from=|restrict)/.test(line.trim());
  return lines.every(isKey)
    ? undefined
    : `must contain SSH public keys, not a path or a fingerprint. ${remedy}`;
}

function isPattern(value: string, context: z.RefinementCtx): void {
  const pattern = /^\/(.+)\/$/s.exec(value)?.[1];
  if (pattern === undefined) {
    return;
  }
  try {
    new RegExp(pattern);
  } catch (error) {
    const message = `is not a regular expression (${(error as Error).message}). Correct it, or remove the slashes to search for plain text`;
    context.addIssue({ code: "custom", message });
  }
}
