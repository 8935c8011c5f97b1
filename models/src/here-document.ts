/** Files that are not shell scripts. */
const NO_SCRIPT =
  /\.(?:ya?ml|json|toml|ini|conf|cfg|env|py|js|md|txt|html|jinja2?|service|Modelfile)$/;
const INTERPRETERS = /^(?:python[\d.]*|node|perl|ruby|psql|mysql|jq)$/;

/** Whether a shell runs a here document, or may run the file that it is written to. */
export function mayBeScript(command: readonly string[], target: string | undefined): boolean {
  const [program = "", ...args] = command;
  const writes = /^(?:cat|tee)$/.test(program);
  if (writes) {
    return NO_SCRIPT.test(target ?? args.at(-1) ?? "") === false;
  }
  return !INTERPRETERS.test(program.slice(program.lastIndexOf("/") + 1));
}
