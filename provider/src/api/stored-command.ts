import { isRunpodError } from "../core/errors";

interface Command {
  readonly entrypoint?: string[];
  readonly cmd?: string[];
}

/**
 * Sends a new object's command as two lists. A server that does not know them yet rejects the whole
 * request, and then gets the same command in its stored form, the JSON of `args`.
 * @throws the first error if the second form is rejected too: the first names the user's fields
 */
export async function withCommand<B extends Command, T>(
  body: B,
  create: (body: B) => Promise<T>,
): Promise<T> {
  try {
    return await create(body);
  } catch (refusal) {
    const { entrypoint, cmd, ...rest } = body;
    if ((entrypoint ?? cmd) === undefined || !namesCommand(refusal)) {
      throw refusal;
    }
    const stored = { ...rest, args: JSON.stringify({ entrypoint, cmd }) } as unknown as B;
    return create(stored).catch((error) => {
      throw isRunpodError(error, "invalid") ? refusal : error;
    });
  }
}

function namesCommand(error: unknown): boolean {
  if (!isRunpodError(error, "invalid") || error.status !== 422) {
    return false;
  }
  return /\b(cmd|entrypoint)\b/i.test([error.detail, ...(error.errors ?? [])].join("\n"));
}
