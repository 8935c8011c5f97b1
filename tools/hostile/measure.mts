// Has one surface read all its hostile shapes, and prints the cost of each as a line of JSON.
// usage: node --max-old-space-size=140 tools/hostile/measure.mts SURFACE SIZE…
import { SURFACES } from "./surfaces.mts";

const [name = "", ...sizes] = process.argv.slice(2);
const surface = SURFACES[name];
if (surface === undefined) {
  throw new Error(`choose one of ${Object.keys(SURFACES).join(", ")}`);
}
for (const [shape, make] of Object.entries(surface.shapes)) {
  for (const size of sizes.map(Number)) {
    const text = make(size);
    const before = process.cpuUsage();
    const outcome = await surface.read(text).catch((error: Error) => String(error.stack));
    const { user, system } = process.cpuUsage(before);
    const rssMb = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ shape, size, outcome, cpuMs: (user + system) / 1000, rssMb }));
  }
}
process.exit();
