/** A rule's section on the package's npm page. */
export function docsUrl(rule: string): string {
  return `https://www.npmjs.com/package/@runpod-stack/policies#${rule}`;
}
