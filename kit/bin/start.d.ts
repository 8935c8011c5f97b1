/** Runs a package's command. See start.js. */
export declare function start(folder: string, compiled: string): void;
