import { isRunpodError } from "../../core/errors";

/**
 * The account's objects of a kind, where they are only looked for: an API key for pods alone may not
 * list them.
 * @param isNeeded whether not being allowed to is an error
 */
export async function listIfAllowed<T>(
  list: () => Promise<readonly T[]>,
  isNeeded = false,
): Promise<readonly T[]> {
  try {
    return await list();
  } catch (error) {
    const isAbsent = isRunpodError(error, "forbidden") || isRunpodError(error, "notFound");
    if (isNeeded || !isAbsent) {
      throw error;
    }
    return [];
  }
}
