import { type Cause, certain, likely } from "./cause";

/** Getting the image and starting its first process. */
export const IMAGE_CAUSES: readonly Cause[] = [
  {
    name: "registry-rate-limited",
    remedy:
      "The registry limits anonymous pulls by address, and a cloud's addresses are shared. Set containerRegistryAuthId, or use a mirror of the image.",
    signs: [certain(/toomanyrequests|unexpected status from .{0,400}429 Too Many Requests/i)],
  },
  {
    name: "registry-unreachable",
    remedy:
      "The host could not reach the image's registry. Wait for the next attempt; if it repeats, use a mirror or other dataCenterIds.",
    signs: [
      certain(/failed to fetch (?:anonymous|oauth) token: (?:Get|Post) "/),
      certain(/unexpected status from .{0,400}: 5\d\d\b/),
      likely(/error (?:pulling|reading from server).{0,300}(?:timeout|no such host|refused)/i),
    ],
  },
  {
    name: "image-tag-not-found",
    remedy:
      "The registry has no such tag. Correct imageName; nightly tags are deleted after a while, so pin a release.",
    signs: [
      certain(/manifest for .{1,300} not found|manifest unknown/),
      certain(/failed to resolve reference .{1,300}: not found/),
    ],
  },
  {
    name: "image-pull-unauthorized",
    remedy:
      "The image is private, or its name is wrong: registries answer both alike. Check imageName, and set containerRegistryAuthId for a private image.",
    signs: [
      certain(/pull access denied|requested access to the resource is denied/),
      certain(/failed to fetch (?:anonymous|oauth) token: unexpected status/),
      certain(/unauthorized: authentication required|no basic auth credentials|insufficient_scope/),
    ],
  },
  {
    name: "image-wrong-platform",
    remedy:
      "The image is built for another kind of CPU. RunPod's hosts are linux/amd64: push the image for that platform.",
    signs: [
      certain(/exec format error|no matching manifest for linux\//),
      certain(/image's platform .{0,60} does not match|image platform .{0,60} does not match/),
    ],
  },
  {
    name: "script-line-ends",
    remedy:
      "The script has Windows line ends (CRLF), which are part of its words on Linux. Convert it (`dos2unix`, or `sed -i 's/\\r$//'`), and keep it so with `*.sh text eol=lf` in .gitattributes; then build the image or copy the script again.",
    signs: [
      certain(/\\r['"’`:]|\\r$|\^M\b|\^M['":]/, {
        near: {
          pattern:
            /No such file|not found|bad interpreter|invalid option|Illegal option|unexpected token|syntax error/,
          lines: 0,
        },
      }),
      certain(/use -\[v\]S to pass options in shebang/),
      certain(/^['"’]?: (?:No such file or directory|not found|command not found)/, {
        near: { pattern: /\benv: ['"‘]?(?:bash|sh|python3?)\s*$|: \$'?\w{0,40}$/, lines: 1 },
      }),
      likely(/exec user process caused.{0,40}no such file or directory/i),
      likely(/\bexec \/\S{1,200}: no such file or directory/),
    ],
  },
  {
    name: "mount-hides-image",
    remedy:
      "The volume is mounted over the folder where the image keeps its program, so that only what is on the volume is seen there. Set volumeMountPath to another folder, or put the program on the volume first, as the image's README describes.",
    signs: [
      likely(
        /can't open file '\/(?:workspace|runpod-volume)\/|tini \(\d{1,9}\)\] exec \/(?:workspace|runpod-volume)\/\S{0,200} failed/,
      ),
      likely(
        /: (?:line )?\d{1,9}: (?:cd: |source: |\.: )?\/(?:workspace|runpod-volume)\/\S{0,200}: (?:No such file|not found)/,
      ),
      likely(/\bbash: cd: \/(?:workspace|runpod-volume)\/\S{0,200}: No such file/),
      likely(/\bcd: can't cd to \/(?:workspace|runpod-volume)\//),
      likely(/network volume that has been initialized/),
    ],
  },
  {
    name: "server-not-started",
    remedy:
      'The command asks a server that does not run in the container. Start it first and wait until it answers, for example dockerEntrypoint ["bash", "-c"] and dockerStartCmd ["ollama serve & until ollama list; do sleep 1; done; ollama pull <model>; wait"].',
    signs: [
      certain(/could not connect to (?:a running )?ollama|ollama server not responding/i),
      likely(/ConnectionError: Failed to connect to Ollama/),
      likely(/dial tcp (?:127\.0\.0\.1|\[::1\]|0\.0\.0\.0):11434: connect: connection refused/),
    ],
  },
  {
    name: "entrypoint-not-found",
    remedy:
      "The container's first word is not a program of the image. Put the program first in dockerEntrypoint or dockerStartCmd; if the image has it, check that volumeMountPath does not cover its folder.",
    signs: [
      certain(/\bexec: "[^"]{1,200}": (?:executable f|stat |permission denied|is a directory)/),
      certain(/\bexec: \S{1,200}: (?:stat |not found)/, {
        remedy:
          'The image has no server as its ENTRYPOINT, so the first argument was run as the program. Begin dockerStartCmd with the server, for example ["vllm", "serve", "<model>"].',
      }),
      certain(
        /(?:^|\/)(?:ba|da|z)?sh: (?:line \d{1,9}: )?(?:vllm|sglang|python3?|ollama|llama-server|text-generation-launcher) [^:]{1,300}: No such file or directory/,
        {
          remedy:
            'The shell took the command for the name of a script. Put "-c" before it: ["bash", "-c", "<command>"].',
        },
      ),
      likely(/: line \d{1,9}: \S{1,200}: (?:command not found|No such file or directory)/),
      likely(/\.sh(?<=\/\S{1,200}): (?:not found|No such file)/),
      likely(/tini \(\d{1,9}\)\] exec \S{1,200} failed|can't open file '[^']{1,200}': \[Errno 2\]/),
    ],
  },
];
