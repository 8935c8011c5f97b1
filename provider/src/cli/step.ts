/** How a step that changes something went. */
export interface Step {
  readonly done: boolean;
  /** Why it could not be done. */
  readonly problem?: string;
}

/** Takes a step, and notes how it went: the steps beside it are taken all the same. */
export async function attempt<T extends Step>(step: T, work: () => Promise<void>): Promise<T> {
  try {
    await work();
    return { ...step, done: true };
  } catch (error) {
    return { ...step, problem: (error as Error).message };
  }
}
