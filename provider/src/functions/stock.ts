/** How much of something is free. RunPod may add levels. */
export type Stock = "NONE" | "LOW" | "MEDIUM" | "HIGH" | (string & Record<never, never>);

const LEVELS: readonly Stock[] = ["NONE", "LOW", "MEDIUM", "HIGH"];

/** The highest of the levels; NONE if there are none. */
export function best(levels: readonly (Stock | undefined)[]): Stock {
  return LEVELS.findLast((level) => levels.includes(level)) ?? "NONE";
}

/** What is in stock, in these data centers if they are given. */
export function inDataCenters<P extends { readonly id: string; readonly availability: Stock }>(
  places: readonly P[] = [],
  ids: readonly string[] | undefined,
): P[] {
  const wanted = ids?.map((id) => id.toUpperCase());
  return places.filter(
    ({ id, availability }) => availability !== "NONE" && (wanted?.includes(id) ?? true),
  );
}
