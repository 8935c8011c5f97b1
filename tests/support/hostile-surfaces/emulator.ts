import http from "node:http";
import { startEmulator } from "@runpod-stack/emulator";
import type { Safe } from "@runpod-stack/kit";
import type { Surfaces } from "./surface";

export const ofEmulator: Surfaces = {
  "the emulator's log": async (texts) => {
    const log: Safe[] = [];
    const emulator = await startEmulator({ log: (line) => log.push(line), rateLimit: null });
    for (const hostile of texts) {
      const path = `/v2/pods/${encodeURIComponent(wellFormed(hostile).slice(0, 2_000))}`;
      // What HTTP lets through in a header.
      const agent = hostile.replace(/[^\t -~\x80-\xff]/g, "").slice(0, 2_000);
      await send(`${emulator.url}${path}`, { "user-agent": agent });
    }
    await emulator.close();
    return log.join("\n");
  },
  "the emulator's refusals": async (texts) => {
    const emulator = await startEmulator({ rateLimit: null });
    const answers: string[] = [];
    for (const hostile of texts) {
      const path = encodeURIComponent(wellFormed(hostile).slice(0, 2_000));
      const answer = await fetch(`${emulator.url}/v2/pods/${path}`, {
        headers: { authorization: "Bearer rpa_emulator" },
      });
      answers.push(String(Object(await answer.json()).detail));
    }
    await emulator.close();
    return answers.join("\n");
  },
};

/** `fetch` would refuse such a header. */
function send(url: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers }, (response) => {
        response.resume().on("end", resolve);
      })
      .on("error", reject);
  });
}

/** A URL holds no halves of letters. */
function wellFormed(hostile: string): string {
  return hostile.replace(/\p{Surrogate}/gu, "");
}
