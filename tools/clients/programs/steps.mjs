// Reports the steps of a client's life, each as a line of JSON that tools/clients/life.mts reads.

/** A step that must work. Returns what the client returned, or undefined if it failed. */
export async function step(name, act) {
  const begun = performance.now();
  try {
    const result = await act();
    report(name, begun, {});
    return result;
  } catch (error) {
    report(name, begun, { error: messageOf(error) });
    return undefined;
  }
}

/**
 * A step that the client cannot do here, and why.
 * @param expected what its error contains: if it works or fails differently, the reason is out of date
 */
export async function cannot(name, why, expected, act) {
  const begun = performance.now();
  const message = await act().then(() => "it works", messageOf);
  const error = `is not refused with "${expected}": ${message}`;
  report(name, begun, message.includes(expected) ? { cannot: why } : { error });
}

function report(step, begun, outcome) {
  const seconds = (performance.now() - begun) / 1000;
  console.log(JSON.stringify({ step, seconds, ...outcome }));
}

function messageOf(error) {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
