export { Command, InvalidArgumentError, Option } from "commander";
export { STATUS, type Status, UnusableInput } from "./ending";
export { nameOf, readText, STANDARD_INPUT, unusableFile } from "./files";
export { endings, examples, list, paragraph, teach } from "./help";
export { addCommands, type Run, runTool, type Tool } from "./run";
export { colorsFor, print, report, type Terminal, widthOf } from "./terminal";
export { assertWithinTree, withinTree } from "./tree";
