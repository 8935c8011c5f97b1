/** What a handler makes of a job. */
export interface JobAnswer {
  /** What a generator has yielded; absent for a handler that returns. */
  chunks?: readonly unknown[];
  /** What a handler has returned; absent for nothing. */
  output?: unknown;
  /** Why the job failed. */
  error?: string;
  /** The state in which a failed job ends. @default FAILED */
  state?: "FAILED" | "TIMED_OUT";
}
