import path from "node:path";

/** Files below the working directory: as they are given, as a repository knows them, and as a URI. */
export const PATHS: readonly [given: string, inRepository: string, uri: string][] = [
  ["pods/llm.yaml", "pods/llm.yaml", "pods/llm.yaml"],
  ["./pods//llm.yaml", "pods/llm.yaml", "pods/llm.yaml"],
  ["pods/../llm.yaml", "llm.yaml", "llm.yaml"],
  [path.resolve("pods/llm.yaml"), "pods/llm.yaml", "pods/llm.yaml"],
  ["my pods/ä#1?.yaml", "my pods/ä#1?.yaml", "my%20pods/%C3%A4%231%3F.yaml"],
  ["pods/100%25.yaml", "pods/100%25.yaml", "pods/100%2525.yaml"],
  ["pods/a:b[1].yaml", "pods/a:b[1].yaml", "pods/a%3Ab%5B1%5D.yaml"],
  ["..pods/...yaml", "..pods/...yaml", "..pods/...yaml"],
];

/** Files that are not below it, or that another system would look for elsewhere. */
export const HOSTILE_PATHS: readonly string[] = [
  "../etc/passwd",
  "pods/../../etc/passwd",
  "..",
  ".",
  "",
  "/etc/passwd",
  "//host/share/file",
  "C:/Windows/system.ini",
  "C:\\Windows\\system.ini",
  "c:file",
  "\\\\host\\share\\file",
  "..\\..\\etc\\passwd",
  "pods\\..\\..\\x",
  "file:///etc/passwd",
  "https://evil.example/x",
  "javascript:alert(1)",
  "pods/a\n::error::x",
  "pods/a\u0000b",
  "pods/a\u200bb",
  "/dev/stdin",
  "/proc/self/fd/0",
  "standard input",
];
