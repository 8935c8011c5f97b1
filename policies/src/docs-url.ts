/** Where a rule is documented for everyone: the package's page has a heading for each. */
export function docsUrl(rule: string): string {
  return `https://www.npmjs.com/package/@runpod-stack/policies#${rule}`;
}
