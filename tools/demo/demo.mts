/**
 * The guide's deployment of a 27B model, end to end, on the emulator, with the real Pulumi CLI:
 * first with the guide's mistake, refused by the policy pack and then deployed anyway, then
 * corrected.
 *
 *   npm run demo              everything, and nothing left behind
 *   npm run demo -- --keep    leaves the deployment and the emulator running
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { resolvePulumi } from "../pulumi-cli/resolve.mts";
import { readLedger, startEmulator } from "./emulator.mts";
import { confirm, createSteps, expect, type Outcome, run, showCommand } from "./steps.mts";

const HELP = `npm run demo [-- --keep]

Deploys a 27B model on an emulated RunPod with the real Pulumi CLI: the guide's mistake, which the
policy pack refuses at preview, and its diagnosis; the right deployment, a chat completion,
monitoring, refresh, and destroy.

  --keep   leave the right deployment and the emulator running, and show how to continue
  --help   this text`;

const { values: options } = parseArgs({
  options: { keep: { type: "boolean" }, help: { type: "boolean" } },
});
if (options.help) {
  console.log(HELP);
} else {
  // An interrupted demo ends its emulator, too.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => process.exit(1));
  }
  await demo(options.keep === true);
}

async function demo(keep: boolean): Promise<void> {
  const begun = performance.now();
  const root = path.join(import.meta.dirname, "../..");
  const scratch = mkdtempSync(path.join(tmpdir(), "runpod-stack-demo-"));
  const step = createSteps(keep ? 9 : 10);
  const tidy = () => {
    rmSync(scratch, { recursive: true, force: true });
    rmSync(path.join(root, "Pulumi.demo.yaml"), { force: true });
  };
  process.once("exit", tidy);

  step("A Pulumi CLI, and a RunPod to talk to");
  const cli = await resolvePulumi({ report: (line) => console.log(line) });
  confirm(`Pulumi ${cli.version} (${cli.command})`);
  const emulator = await startEmulator(scratch);
  confirm(`RunPod emulator at ${emulator.origin}: no account, no bill`);
  const stackEnv = {
    ...emulator.env,
    PULUMI_BACKEND_URL: `file://${scratch}`,
    PULUMI_CONFIG_PASSPHRASE: "demo",
  };
  console.log(
    "To repeat the commands below in a second terminal, use `npm run pulumi --` for `pulumi`:",
  );
  for (const [name, value] of Object.entries(stackEnv)) {
    showCommand(`export ${name}='${value}'`);
  }
  const env = {
    ...process.env,
    ...cli.env,
    ...stackEnv,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_OPTION_COLOR: process.stdout.isTTY ? "always" : "never",
  };
  const pulumi = async (args: string, quiet = false): Promise<Outcome> => {
    if (!quiet) {
      showCommand(`pulumi ${args}`);
    }
    return run(cli.command, [...args.split(" "), "--non-interactive"], { env, cwd: root, quiet });
  };
  const ok = async (args: string, quiet = false) => {
    const outcome = await pulumi(args, quiet);
    if (outcome.code !== 0) {
      throw new Error(`pulumi ${args} failed`);
    }
    return outcome.stdout;
  };
  const billed = async () =>
    Object.values(await readLedger(emulator.origin))
      .flat()
      .filter(({ endedAt, costPerHr }) => endedAt === null && costPerHr > 0);

  try {
    step("The guide's first mistake: 20 GB of disk for a 27B model, and no volume for its cache");
    await ok("stack init demo");
    for (const setting of ["containerDiskInGb 20", "cacheInGb 0", "interval 500ms"]) {
      await ok(`config set ${setting} --stack demo`);
    }
    const refused = await pulumi("preview --stack demo --policy-pack policies --suppress-progress");
    expect(
      refused.code !== 0 &&
        ["container-disk-size", "persistent-hf-cache"].every((rule) =>
          new RegExp(`mandatory.*${rule}.*Pod: llm`).test(refused.stdout),
        ),
      "the policy pack refused it at preview, before it cost anything: its disk and its cache",
    );

    step("Deployed anyway, it never answers");
    const mistake = await pulumi("up --stack demo --yes --skip-preview --suppress-progress");
    expect(mistake.code !== 0, "the update failed, and did not report success");
    expect(/disk-full/.test(mistake.stdout), "the error names the cause: the disk is full");

    step("Nothing is left billing");
    await ok("destroy --stack demo --yes --skip-preview --suppress-progress");
    expect((await billed()).length === 0, "nothing in the emulator's ledger is billed");

    step("The right deployment: an explicit disk, and a persistent Hugging Face cache");
    for (const setting of ["containerDiskInGb 100", "cacheInGb 100"]) {
      await ok(`config set ${setting} --stack demo`);
    }
    await ok("up --stack demo --policy-pack policies --yes --skip-preview --suppress-progress");
    confirm("the policy pack lets it pass, with advice");
    const outputs = JSON.parse(await ok("stack output --stack demo --json", true)) as Record<
      string,
      string
    >;
    confirm(`the model answers at ${outputs["openaiBaseUrl"]}, for ${outputs["costPerHr"]} $/h`);

    step("An application uses the stack's output");
    showCommand(
      'OPENAI_BASE_URL=$(pulumi stack output openaiBaseUrl) node examples/app/main.js "What is a pod?"',
    );
    const app = await run(process.execPath, ["examples/app/main.js", "What is a pod?"], {
      env: { ...env, OPENAI_BASE_URL: outputs["openaiBaseUrl"] },
      cwd: root,
    });
    expect(app.code === 0 && app.stdout.trim() !== "", "the npm openai client got an answer");

    step("Monitoring, by the guide's own query");
    const query = `{"query":"{ pod(input:{podId:\\"${outputs["podId"]}\\"}) { runtime { uptimeInSeconds gpus { memoryUtilPercent } } } }"}`;
    showCommand(
      `curl -H "Authorization: Bearer $RUNPOD_API_KEY" $RUNPOD_GRAPHQL_URL -d '${query}'`,
    );
    const answer = await fetch(String(emulator.env["RUNPOD_GRAPHQL_URL"]), {
      method: "POST",
      headers: {
        authorization: `Bearer ${emulator.env["RUNPOD_API_KEY"]}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: query,
    });
    const telemetry = await answer.text();
    console.log(telemetry);
    expect(/"memoryUtilPercent":\s*[1-9]/.test(telemetry), "the GPU's memory is in use");

    step("A refresh finds no drift");
    await ok("refresh --stack demo --yes --skip-preview --suppress-progress --expect-no-changes");
    step("An update changes nothing");
    await ok("up --stack demo --yes --skip-preview --suppress-progress --expect-no-changes");

    if (keep) {
      console.log(
        [
          "",
          "The deployment and the emulator are still running. To continue, in this folder:",
          "",
        ].join("\n"),
      );
      for (const [name, value] of Object.entries(stackEnv)) {
        console.log(`export ${name}='${value}'`);
      }
      console.log(
        [
          "",
          "npm run pulumi -- stack output --stack demo",
          "npm run pulumi -- destroy --stack demo --yes",
          `kill ${emulator.process.pid}   # the emulator`,
        ].join("\n"),
      );
      emulator.keep();
      process.off("exit", tidy);
      process.exit(0);
    }

    step("Destroy, and the ledger");
    await ok("destroy --stack demo --yes --skip-preview --suppress-progress");
    const ledger = await readLedger(emulator.origin);
    for (const pod of ledger.pods) {
      console.log(`  ${pod.name}: ended ${pod.endedAt}, spent $${pod.spent.toFixed(4)} (emulated)`);
    }
    expect((await billed()).length === 0, "everything has ended: $0.00 an hour is billed");
    console.log(`\nDone in ${Math.round((performance.now() - begun) / 1000)} s.`);
    console.log(
      "Your own deployment in ten minutes, from an empty folder: docs/getting-started.md",
    );
  } finally {
    emulator.process.kill();
    await once(emulator.process, "exit");
  }
}
