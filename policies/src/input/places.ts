import path from "node:path";
import { textOf } from "@runpod-stack/kit";
import { isRecord } from "../known";
import { parseJson } from "./json";
import { pulumiResources } from "./pulumi-json";
import { UnreadableInput } from "./unreadable";

/** A line of a file, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Where a resource is created, by its URN; the project file for the whole stack. */
export type PlaceOf = (urn: string | undefined) => Place;

type Json = Readonly<Record<string, unknown>>;

const FRAME = /^project:\/\/\/(.+)#([1-9]\d{0,8}),/;

/**
 * Whether a path with forward slashes stays inside its folder on every operating system. A path with
 * `..`, an absolute path, and a path with a drive, a host or a scheme do not.
 */
export function isInside(file: string): boolean {
  return !/^\.?$|^\/|^[^/]*:|\\|\p{Cc}/u.test(file) && !file.split("/").includes("..");
}

/**
 * Where a program creates each of its resources, by the source positions that Pulumi records.
 * @param program the program's folder, as shown in the places
 */
export function programPlaces(resources: readonly Json[], program: string): PlaceOf {
  const places = new Map(resources.map((resource) => [resource["urn"], ownPlace(resource)]));
  return (urn) => {
    const { file, line } = places.get(urn) ?? { file: "Pulumi.yaml", line: 1 };
    return { file: path.posix.join(program.replaceAll("\\", "/"), file), line };
  };
}

/**
 * Reads the places from the output of `pulumi preview --json`.
 * @throws {UnreadableInput} if it is something else
 */
export function readPlaces(file: string, text: string, program: string): PlaceOf {
  const document = parseJson(file, text);
  const resources = isRecord(document) ? pulumiResources(document) : undefined;
  if (resources !== undefined) {
    return programPlaces(resources, program);
  }
  throw new UnreadableInput(`${file} is not the output of \`pulumi preview --json\`.`);
}

/** The innermost line of the program that created a resource. */
function ownPlace({ stackTrace, sourcePosition }: Json): Place | undefined {
  const frames = Array.isArray(stackTrace) ? stackTrace.filter(isRecord) : [{ sourcePosition }];
  for (const { sourcePosition: position } of frames) {
    const [, encoded = "", line] = FRAME.exec(textOf(position)) ?? [];
    const file = decoded(encoded);
    if (isInside(file) && !file.split("/").includes("node_modules")) {
      return { file, line: Number(line) };
    }
  }
  return undefined;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}
