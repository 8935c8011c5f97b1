/** The result of a step that changes something. */
export interface Step {
  readonly done: boolean;
  /** Why it could not be done. */
  readonly problem?: string;
}

/** Takes a step and records the result, so that a failure does not stop the other steps. */
export async function attempt<T extends Step>(step: T, work: () => Promise<void>): Promise<T> {
  try {
    await work();
    return { ...step, done: true };
  } catch (error) {
    return { ...step, problem: (error as Error).message };
  }
}
