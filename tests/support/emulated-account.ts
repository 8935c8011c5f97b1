import * as pulumi from "@pulumi/pulumi";
import { startTestEmulator, type TestEmulator } from "./emulator";

/** Gives each test its own emulator, to which this process's environment points. */
export function emulatedAccount(): { emulator: TestEmulator } {
  const environment = { ...process.env };
  const account = {} as { emulator: TestEmulator };
  beforeEach(async () => {
    account.emulator = await startTestEmulator();
    Object.assign(process.env, account.emulator.env);
    pulumi.runtime.setAllConfig({});
  });
  afterEach(async () => {
    await account.emulator.close();
    process.env = { ...environment };
  });
  return account;
}
