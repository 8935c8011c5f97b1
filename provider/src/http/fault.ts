/** What an error of the network layer says, also where it has a code alone. */
export function faultOf(error: unknown): string {
  const { code, name, message } = error as Error & { code?: unknown };
  return message || String(code ?? name);
}
