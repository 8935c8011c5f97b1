// Checks a Pulumi program with policy packs, without secrets, an account or the network: in a
// preview of a temporary stack.
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const HELP = `usage: node preview.mjs [options]

  --program DIR              the folder of the Pulumi program (default: .)
  --stack-file FILE          a committed Pulumi.<stack>.yaml: its settings are used, and a placeholder for
                             each of its secrets
  --plaintext KEY=VALUE      one more setting; may be repeated
  --secret KEY=VALUE         one more setting that is secret, with a placeholder; may be repeated
  --policy-pack DIR          a pack instead of @runpod-stack/policies; may be repeated
  --policy-pack-config FILE  the settings of the pack, in the order of the packs
  --out DIR                  where to write summary.md, policies.sarif and code-quality.json
                             (default: policy-report)
  --help                     print this

Exit status:
  0  no mandatory rule is violated
  1  a mandatory rule is violated
  2  it could not be checked, for example because the program fails
`;

const NOT_JUDGED = 2;
const REPORTS = { "policies.sarif": "--sarif", "code-quality.json": "--code-quality" };

/** Runs a command with its output in a file, and its descriptor 3 as output. */
const APART = 'file=$1; shift; "$@" 3>&1 >"$file" | cat';

const HINT = "If a setting is missing, add it with `--stack-file`, `--plaintext` or `--secret`.";

const SCOPE = `
Only the desired state was checked, in a preview of a new stack with placeholders for its secrets. It was not compared with what is deployed, and values that are known only after a deployment were not checked.
`;

try {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(HELP);
  } else {
    process.exitCode = judge(options);
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = NOT_JUDGED;
}

function readOptions() {
  const text = (standard) => ({ type: "string", default: standard });
  const texts = { type: "string", multiple: true, default: [] };
  const { values } = parseArgs({
    options: {
      program: text("."),
      "stack-file": { type: "string" },
      plaintext: texts,
      secret: texts,
      "policy-pack": texts,
      "policy-pack-config": texts,
      out: text("policy-report"),
      help: { type: "boolean" },
    },
  });
  return values;
}

/** Previews the program, writes the reports and returns the exit status. */
function judge(options) {
  const scratch = mkdtempSync(path.join(tmpdir(), "throw-away-stack-"));
  mkdirSync(options.out, { recursive: true });
  for (const name of Object.keys(REPORTS)) {
    rmSync(path.join(options.out, name), { force: true });
  }
  try {
    const policies = policiesFolder(options);
    const report = reporter(options, policies, preview(options, policies, scratch));
    const { status, stdout, stderr } = report();
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    for (const [name, format] of Object.entries(REPORTS)) {
      writeFileSync(path.join(options.out, name), report(format).stdout);
    }
    summarize(options, report("--markdown").stdout, stderr);
    return status;
  } catch (error) {
    summarize(options, `**Not checked.** ${HINT}\n`, error.message);
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The package of the reporting command and the policy pack. */
function policiesFolder({ program }) {
  const { resolve } = createRequire(path.resolve(program, "package.json"));
  try {
    return path.dirname(resolve("@runpod-stack/policies/package.json"));
  } catch {
    throw new Error(
      `@runpod-stack/policies is not installed in ${program}. Run: npm install --save-dev @runpod-stack/policies`,
    );
  }
}

/**
 * Previews the program as a new stack, and returns the engine's events and the path of the result.
 * The events are not written to a file, because Pulumi's debug messages contain secrets in plain
 * text.
 */
function preview(options, policies, scratch) {
  const { pulumi, settings } = freshStack(options, scratch);
  const result = path.join(scratch, "result.json");
  const packs = options["policy-pack"].length > 0 ? options["policy-pack"] : [policies];
  const flags = (name, files) => files.flatMap((file) => [name, path.resolve(file)]);
  const { stdout, stderr } = pulumi(
    { cwd: options.program, through: ["sh", "-c", APART, "sh", result] },
    ...["preview", "--json", "--event-log", "/dev/fd/3", "--config-file", settings],
    ...flags("--policy-pack", packs),
    ...flags("--policy-pack-config", options["policy-pack-config"]),
  );
  if (stdout === "") {
    throw new Error(stderr || readFileSync(result, "utf8"));
  }
  return { events: stdout, result };
}

/** Creates a stack with its own backend and settings, and returns Pulumi's command for it. */
function freshStack({ program, plaintext, secret, "stack-file": stackFile = "" }, scratch) {
  const [, stack = "preview"] = /^Pulumi\.(.+)\.ya?ml$/.exec(path.basename(stackFile)) ?? [];
  const [backend, settings] = [path.join(scratch, "backend"), path.join(scratch, "settings.yaml")];
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: pathToFileURL(backend).href,
    PULUMI_CONFIG_PASSPHRASE: "throw-away",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // --event-log needs this; Pulumi's Automation API sets it, too.
    PULUMI_DEBUG_COMMANDS: "true",
  };
  const pulumi = ({ cwd, through = [] }, ...args) => {
    const plain = ["--stack", stack, "--non-interactive", "--color", "never"];
    const [command, ...words] = [...through, "pulumi", ...args, ...plain];
    return run(command, words, { cwd, env });
  };
  const inScratch = (...args) => done(pulumi({ cwd: scratch }, ...args));
  const config = (...args) => inScratch("config", ...args, "--config-file", settings);

  mkdirSync(backend);
  // Pulumi writes settings next to the project file: here, and not into the program's folder.
  copyFileSync(path.join(program, "Pulumi.yaml"), path.join(scratch, "Pulumi.yaml"));
  inScratch("stack", "init", "--no-select");
  config("set", "--secret", "placeholder", "placeholder");
  if (stackFile !== "") {
    const committed = readFileSync(stackFile, "utf8");
    writeFileSync(settings, withPlaceholders(committed, readFileSync(settings, "utf8")));
  }
  const flags = (name, values) => values.flatMap((value) => [name, value]);
  const more = [...flags("--plaintext", plaintext), ...flags("--secret", secret)];
  if (more.length > 0) {
    config("set-all", ...more);
  }
  return { pulumi, settings };
}

/** A stack's committed settings, with one secret of other settings in place of each of its secrets. */
function withPlaceholders(committed, own) {
  const [salt] = /^encryptionsalt: .*$/m.exec(own) ?? [];
  const [, placeholder] = /\bsecure: (.*)$/m.exec(own) ?? [];
  const settings = committed
    .replace(/^(?:encryptionsalt|secretsprovider|encryptedkey):.*\n?/gm, "")
    .replace(/^(\s*(?:- )?secure:).*$/gm, `$1 ${placeholder}`);
  return `${salt}\n${settings}`;
}

/** Writes the reports. Throws if the preview itself has failed, so that there is nothing to report. */
function reporter({ program }, policies, { events, result }) {
  const command = path.join(policies, "bin/runpod-policies.js");
  const words = ["--preview", result, "--program", path.relative("", program), "-"];
  return (...format) => {
    const outcome = run(process.execPath, [command, "report", ...format, ...words], {
      input: events,
    });
    if (outcome.status === 0 || outcome.status === 1) {
      return outcome;
    }
    throw new Error(outcome.stderr.trim());
  };
}

/** Writes the summary, and shows it on the run's page in GitHub Actions. */
function summarize({ out, program }, text, errors) {
  const place = path.relative("", program);
  const title = `### Policies${place === "" ? "" : ` for ${place}`}`;
  const trouble = errors === "" ? "" : `\n<pre>${escaped(errors)}</pre>\n`;
  const summary = `${title}\n\n${text}${trouble}${SCOPE}`;
  writeFileSync(path.join(out, "summary.md"), summary);
  const { GITHUB_STEP_SUMMARY: page } = process.env;
  if (page) {
    appendFileSync(page, summary);
  }
}

function run(command, args, more = {}) {
  const outcome = spawnSync(command, args, { encoding: "utf8", maxBuffer: Infinity, ...more });
  if (outcome.error) {
    throw new Error(`${command} cannot be run: ${outcome.error.message}`);
  }
  return outcome;
}

function done({ status, stdout, stderr }) {
  if (status !== 0) {
    throw new Error(stderr || stdout);
  }
}

function escaped(text) {
  return text.trim().replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
