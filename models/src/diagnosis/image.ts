import { type Cause, certain, likely } from "./cause";

/** Causes in pulling the image and starting its first process. */
export const IMAGE_CAUSES: readonly Cause[] = [
  {
    name: "registry-rate-limited",
    remedy:
      "The registry limits anonymous pulls per IP address, and cloud IP addresses are shared. Set containerRegistryAuthId, or use a mirror of the image.",
    signs: [certain(/toomanyrequests|unexpected status from .{0,400}429 Too Many Requests/i)],
  },
  {
    name: "registry-unreachable",
    remedy:
      "The host could not reach the image's registry. Wait for the next attempt. If it happens again, use a mirror or other dataCenterIds.",
    signs: [
      certain(/failed to fetch (?:anonymous|oauth) token: (?:Get|Post) "/),
      certain(/unexpected status from .{0,400}: 5\d\d\b/),
      likely(/error (?:pulling|reading from server).{0,300}(?:timeout|no such host|refused)/i),
    ],
  },
  {
    name: "image-tag-not-found",
    remedy:
      "The registry does not have this tag. Correct imageName. Nightly tags are deleted after a while, so pin a release.",
    signs: [
      certain(/manifest for .{1,300} not found|manifest unknown/),
      certain(/failed to resolve reference .{1,300}: not found/),
    ],
  },
  {
    name: "image-pull-unauthorized",
    remedy:
      "The image is private or does not exist: registries report both in the same way. Check imageName, and set containerRegistryAuthId for a private image.",
    signs: [
      certain(/pull access denied|requested access to the resource is denied/),
      certain(/failed to fetch (?:anonymous|oauth) token: unexpected status/),
      certain(/unauthorized: authentication required|no basic auth credentials|insufficient_scope/),
    ],
  },
  {
    name: "image-wrong-platform",
    remedy:
      "The image is built for another CPU architecture: RunPod's hosts are linux/amd64. Build and push the image for that platform.",
    signs: [
      certain(/exec format error|no matching manifest for linux\//),
      certain(/image's platform .{0,60} does not match|image platform .{0,60} does not match/),
    ],
  },
  {
    name: "script-line-ends",
    remedy:
      "The script has Windows line endings (CRLF), which Linux reads as part of the last word in each line. Convert it (`dos2unix`, or `sed -i 's/\\r$//'`), add `*.sh text eol=lf` to .gitattributes, then rebuild the image or copy the script again.",
    signs: [
      certain(/\\r['"’`:]|\\r$|\^M\b/, {
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
      "The volume is mounted over the folder with the image's program and hides it. Set volumeMountPath to another folder, or copy the program to the volume first, as the image's README describes.",
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
      'The command calls a server that is not running in the container. Start the server first and wait until it responds, for example with dockerEntrypoint ["bash", "-c"] and dockerStartCmd ["ollama serve & until ollama list; do sleep 1; done; ollama pull <model>; wait"].',
    signs: [
      certain(/could not connect to (?:a running )?ollama|ollama server not responding/i),
      likely(/ConnectionError: Failed to connect to Ollama/),
      likely(/dial tcp (?:127\.0\.0\.1|\[::1\]|0\.0\.0\.0):11434: connect: connection refused/),
    ],
  },
  {
    name: "entrypoint-not-found",
    remedy:
      "The first word of the container's command is not a program in the image. Put the program first in dockerEntrypoint or dockerStartCmd. If the image has the program, check that volumeMountPath does not hide its folder.",
    signs: [
      certain(/\bexec: "[^"]{1,200}": (?:executable f|stat |permission denied|is a directory)/),
      certain(/\bexec: \S{1,200}: (?:stat |not found)/, {
        remedy:
          'The image\'s ENTRYPOINT is not a server, so the first argument was run as the program. Begin dockerStartCmd with the server, for example ["vllm", "serve", "<model>"].',
      }),
      certain(
        /(?:^|\/)(?:ba|da|z)?sh: (?:line \d{1,9}: )?(?:vllm|sglang|python3?|ollama|llama-server|text-generation-launcher) [^:]{1,300}: No such file or directory/,
        {
          remedy:
            'The shell read the command as the name of a script. Put "-c" before the command: ["bash", "-c", "<command>"].',
        },
      ),
      likely(/: line \d{1,9}: \S{1,200}: (?:command not found|No such file or directory)/),
      likely(/\.sh(?<=\/\S{1,200}): (?:not found|No such file)/),
      likely(/tini \(\d{1,9}\)\] exec \S{1,200} failed|can't open file '[^']{1,200}': \[Errno 2\]/),
    ],
  },
];
