import type { Launch } from "./launch";

/** Whether a path is a mount's folder or inside it. Compares by segment, so `/data2` is not under `/data`. */
export function isUnder(path: string, mount: string): boolean {
  const folder = normalised(mount);
  const inside = normalised(path);
  return inside === folder || inside.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** Makes a command's path absolute, starting from the home folder or the folder that the command changed to. */
export function resolved(path: string, launch: Pick<Launch, "variables" | "folder">): string {
  const home = homeOf(launch);
  const whole =
    path.startsWith("/") || path.startsWith("~") ? path : `${launch.folder ?? ""}/${path}`;
  return normalised(whole.replace(/^~(?=\/|$)/, home));
}

function homeOf({ variables }: Pick<Launch, "variables">): string {
  return variables["HOME"] || "/root";
}

/** An absolute path without `.`, `..` and doubled or trailing slashes. */
function normalised(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") {
      segments.pop();
    } else if (segment !== "" && segment !== ".") {
      segments.push(segment);
    }
  }
  return `/${segments.join("/")}`;
}
