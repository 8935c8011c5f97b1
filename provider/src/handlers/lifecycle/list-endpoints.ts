import type { Endpoint } from "../../api";
import { isRunpodError } from "../../core/errors";

/**
 * The account's endpoints, where they are only looked for: an API key for pods alone may not list
 * them.
 * @param isNeeded whether not being allowed to is an error
 */
export async function listEndpoints(
  list: () => Promise<readonly Endpoint[]>,
  isNeeded = false,
): Promise<readonly Endpoint[]> {
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
