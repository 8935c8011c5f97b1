/** The number of tries and the seed. A soak run has more than `npm test`. */
export interface Effort {
  readonly schedules: number;
  readonly kills: number;
  /** Of Pulumi's operations. */
  readonly sequences: number;
  /** Sequences that run in parallel, because they wait most of the time. A soak runs alone. */
  readonly lanes: number;
  readonly seed: number;
  /** Where to continue an earlier run with this seed. */
  readonly from: number;
  /** Shows the progress of a long run. */
  tell(line: string): void;
}

/** The effort that the environment asks for. */
export function effort(env: NodeJS.ProcessEnv = process.env): Effort {
  const number = (name: string, otherwise: number) => Number(env[name] ?? otherwise);
  const isSoak = env["SOAK_SCHEDULES"] !== undefined;
  return {
    schedules: number("SOAK_SCHEDULES", 30),
    kills: number("SOAK_KILLS", 4),
    sequences: number("SOAK_SEQUENCES", 6),
    lanes: isSoak ? 8 : 3,
    seed: number("SOAK_SEED", 1),
    from: number("SOAK_FROM", 0),
    tell: (line) => {
      if (isSoak) {
        process.stderr.write(`${line}\n`);
      }
    },
  };
}
