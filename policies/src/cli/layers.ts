import path from "node:path";
import { foreign, multiline, safe } from "@runpod-stack/kit";
import { type Terminal, UnusableInput } from "@runpod-stack/kit/command";
import { parseJson } from "../input/json";
import { isRecord } from "../known";
import { type Config, configProblems } from "../settings";
import { readInput } from "./read-input";

/** The key of a configuration that lists the files it extends. */
const EXTENDS = "extends";
/** Organization, team, service, environment: far more layers mean a cycle. */
const MOST_LAYERS = 20;

/**
 * The configurations in files, each after the ones that it extends.
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
      safe`The configuration ${file} must not extend itself or more than ${MOST_LAYERS} others. Remove an extends.`,
    );
  }
  const given = await readInput(file, terminal, parseJson);
  const { [EXTENDS]: bases, ...own } = isRecord(given) ? given : {};
  const config = isRecord(given) ? own : given;
  const problems = [
    ...(areFiles(bases) ? [] : [`${EXTENDS} must be a file path or a list of file paths.`]),
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
      safe`The configuration ${file} is invalid:`,
      problems.map((problem) => foreign(problem)),
    ),
  );
}
