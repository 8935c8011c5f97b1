import type { Process, Program } from "./machine";
import { runCommand } from "./programs";

export function* runShell(process: Process): Program {
  const script = process.argv[2] ?? "";
  let env = process.env;
  for (const part of script.split(/&&|;/)) {
    const words = part.trim().split(/\s+/);
    if (words[0] === "export") {
      const [name = "", value = ""] = (words[1] ?? "").split("=");
      env = { ...env, [name]: value.replace(/\$(\w+)/g, (_, v: string) => env[v] ?? "") };
      continue;
    }
    const code = yield* runCommand({ ...process, argv: words, env, shell: "bash" });
    if (code !== 0) return code;
  }
  return 0;
}
