export { type Colors, colors } from "./colors";
export { matchesPattern } from "./pattern";
export { visible } from "./printable";
export { hideSecret, hideSecretsOf, redact, withSecrets } from "./redact";
export {
  foreign,
  foreignLines,
  join,
  json,
  type Limits,
  multiline,
  named,
  type Output,
  quoted,
  type Safe,
  safe,
  trusted,
} from "./safe";
export { textOf } from "./text-of";
export { wrapped } from "./wrapped";
