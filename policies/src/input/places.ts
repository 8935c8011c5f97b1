import path from "node:path";
import { isRecord } from "../known";
import { parseJson } from "./json";
import { pulumiResources } from "./pulumi-json";
import { UnreadableInput } from "./unreadable";

/** A line of a file, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Where a resource is made, by its URN; the project file for the whole of them. */
export type PlaceOf = (urn: string | undefined) => Place;

type Json = Readonly<Record<string, unknown>>;

const FRAME = /^project:\/\/\/(.+)#([1-9]\d{0,8}),/;

/**
 * Whether a relative path with forward slashes stays below its folder, by whatever system it is read:
 * one that climbs out, is absolute, or names a drive, a host or a scheme does not.
 */
export function isInside(file: string): boolean {
  return !/^\.?$|^\/|^[^/]*:|\\|\p{Cc}/u.test(file) && !file.split("/").includes("..");
}

/**
 * Where a program makes each of its resources, by what Pulumi writes down of their origin.
 * @param program the program's folder, as it shall stand in the places
 */
export function programPlaces(resources: readonly Json[], program: string): PlaceOf {
  const places = new Map(resources.map((resource) => [resource["urn"], ownPlace(resource)]));
  return (urn) => {
    const { file, line } = places.get(urn) ?? { file: "Pulumi.yaml", line: 1 };
    return { file: path.posix.join(program.replaceAll("\\", "/"), file), line };
  };
}

/**
 * Reads the places out of what `pulumi preview --json` prints.
 * @throws {UnreadableInput} if it is something else
 */
export function readPlaces(file: string, text: string, program: string): PlaceOf {
  const document = parseJson(file, text);
  const resources = isRecord(document) ? pulumiResources(document) : undefined;
  if (resources !== undefined) {
    return programPlaces(resources, program);
  }
  throw new UnreadableInput(`${file} is not what \`pulumi preview --json\` prints.`);
}

/** The innermost of the program's own lines that led to a resource. */
function ownPlace({ stackTrace, sourcePosition }: Json): Place | undefined {
  const frames = Array.isArray(stackTrace) ? stackTrace.filter(isRecord) : [{ sourcePosition }];
  for (const { sourcePosition: position } of frames) {
    const [, encoded = "", line] = FRAME.exec(String(position)) ?? [];
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
