import path from "node:path";
import { foreign, multiline, safe } from "@runpod-stack/kit";
import { type Terminal, UnusableInput } from "@runpod-stack/kit/command";
import { parseJson } from "../input/json";
import { isRecord } from "../known";
import { type Config, configProblems } from "../settings";
import { readInput } from "./read-input";

/** The key of a configuration that names the ones it is laid over. */
const EXTENDS = "extends";
/** Organization, team, service, environment: more is a circle. */
const MOST_LAYERS = 20;

/**
 * The configurations that files hold, each after those that it extends.
 * @throws {UnusableInput}
 */
export async function readLayers(files: readonly string[], terminal: Terminal): Promise<Config[]> {
  const layers: Config[] = [];
  for (const file of files) {
    await addLayer(file, terminal, layers, []);
  }
  return layers;
}

async function addLayer(
  file: string,
  terminal: Terminal,
  layers: Config[],
  above: readonly string[],
): Promise<void> {
  if (above.includes(file) || layers.length > MOST_LAYERS) {
    throw new UnusableInput(
      safe`The configuration ${file} extends itself, or more than ${MOST_LAYERS} others.`,
    );
  }
  const given = await readInput(file, terminal, parseJson);
  const { [EXTENDS]: bases, ...own } = isRecord(given) ? given : {};
  const config = isRecord(given) ? own : given;
  const problems = [
    ...(areFiles(bases) ? [] : [`${EXTENDS}: it must be the path of a file, or a list of them.`]),
    ...configProblems(config),
  ];
  if (problems.length > 0) {
    throw refusal(file, problems);
  }
  for (const base of [bases ?? []].flat() as string[]) {
    const place = file === "-" ? base : path.join(path.dirname(file), base);
    await addLayer(place, terminal, layers, [...above, file]);
  }
  layers.push(config as Config);
}

function areFiles(bases: unknown): boolean {
  return [bases ?? []].flat().every((base) => typeof base === "string" && base !== "");
}

function refusal(file: string, problems: readonly string[]): UnusableInput {
  return new UnusableInput(
    multiline(
      safe`The configuration ${file} cannot be used:`,
      problems.map((problem) => foreign(problem)),
    ),
  );
}
