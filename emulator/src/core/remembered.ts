/** Characters of a key. Longer ones are made up, and would fill the memory. */
const MAX_KEY = 300;

/** A function of a string that keeps its results, and forgets all of them once they are `most`. */
export function remembered<R>(most: number, make: (key: string) => R): (key: string) => R {
  const results = new Map<string, R>();
  return (key) => {
    if (key.length > MAX_KEY) {
      return make(key);
    }
    const result = results.get(key) ?? make(key);
    if (results.size >= most) {
      results.clear();
    }
    results.set(key, result);
    return result;
  };
}
