import { readContainer, readServer, readServers, type ServerSpec } from "../../../models/src";

const MODEL = "Qwen/Qwen3-32B";

function script(text: string, imageName = "vllm/vllm-openai:v0.20.0"): ServerSpec {
  return { imageName, dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [text] };
}

describe("A server is found behind every kind of launcher", () => {
  test.each([
    ..."timeout 7200|nice -n 5|ionice -c2 -n 3|chrt -f 50|taskset -c 0-3|numactl --cpunodebind 0".split(
      "|",
    ),
    ..."exec -a llm|env -u A B=1|env -S|uv run|uvx --from vllm|conda run -n v --no-capture-output".split(
      "|",
    ),
    ..."poetry run|doppler run --|infisical run --|opentelemetry-instrument|ddtrace-run|nsys profile -o /x".split(
      "|",
    ),
    ..."gosu app|su-exec app|s6-setuidgid app|pm2 start --no-daemon|tini -s --|strace -f|unknown --flag".split(
      "|",
    ),
  ])("%s vllm serve", (launcher) => {
    expect(readServer(script(`${launcher} vllm serve ${MODEL} --port 9000`))).toMatchObject({
      server: "vllm",
      model: MODEL,
      port: 9000,
    });
  });

  test.each([
    `su - app -c "vllm serve ${MODEL}"`,
    `tmux new-session -d "vllm serve ${MODEL}"; sleep infinity`,
    `screen -dmS llm bash -c 'vllm serve ${MODEL}'`,
    `eval "vllm serve ${MODEL}"`,
    `A=(${MODEL}); A+=(--port 9000); vllm serve "\${A[@]}"`,
    `ARGS="--model ${MODEL} --port 9000"; python3 -W ignore -m vllm.entrypoints.openai.api_server $ARGS`,
    `declare -x M=${MODEL}; vllm serve "$M"`,
    `readonly M=${MODEL}; vllm serve "$M"`,
    `set -- vllm serve ${MODEL}; exec "$@"`,
    `serve() { vllm serve "$1" --port 9000; }; serve ${MODEL}`,
    `function serve { vllm serve "$@"; }; serve ${MODEL} --port 9000`,
    `cat > /run.sh <<'EOF'\nvllm serve ${MODEL}\nEOF\nbash /run.sh`,
    `bash <<EOF\nvllm serve ${MODEL}\nEOF`,
    `until vllm serve ${MODEL}; do sleep 1; done`,
    `python -m vllm.entrypoints.cli.main serve ${MODEL}`,
    `pkill -f "vllm serve"; vllm serve ${MODEL}`,
    `trap "exit 0" TERM; vllm serve ${MODEL} & wait`,
  ])("%s", (text) => {
    expect(readServers(script(text)).map(({ model }) => model)).toEqual([MODEL]);
  });

  test.each([
    `echo "vllm serve ${MODEL}"`,
    `pip install vllm serve`,
    `docker run vllm/vllm-openai vllm serve ${MODEL}`,
    `vllm bench serve --model ${MODEL}`,
    `unused() { vllm serve ${MODEL}; }; sleep infinity`,
    `python3 - <<'PY'\nprint("vllm serve ${MODEL}")\nPY`,
    `cat > /etc/app.yaml <<EOF\nvllm serve ${MODEL}\nEOF\nsleep infinity`,
  ])("but not in a command that starts none: %s", (text) => {
    expect(readServers(script(text))).toEqual([]);
  });

  test("all of several", () => {
    const text = `vllm serve ${MODEL} & vllm serve Qwen/Qwen3-8B --port 8001; wait`;
    expect(readServers(script(text))).toMatchObject([
      { model: MODEL, port: 8000, isAlone: false },
      { model: "Qwen/Qwen3-8B", port: 8001 },
    ]);
  });
});

test.each([
  [`lmdeploy serve api_server ${MODEL} --server-name 0.0.0.0`, "lmdeploy", "0.0.0.0", 23_333],
  [`text-embeddings-router --model-id ${MODEL}`, "tei", "0.0.0.0", 3000],
  [`infinity_emb v2 --model-id ${MODEL} --port 80`, "infinity", "0.0.0.0", 80],
  [`trtllm-serve ${MODEL}`, "trtllm", "localhost", 8000],
  [`trtllm-serve serve ${MODEL} --host 0.0.0.0`, "trtllm", "0.0.0.0", 8000],
  [`aphrodite run ${MODEL}`, "aphrodite", "0.0.0.0", 2242],
  [`mlc_llm serve HF://${MODEL}`, "mlc", "127.0.0.1", 8000],
  [
    `koboldcpp --model https://huggingface.co/${MODEL}/resolve/main/x.gguf`,
    "koboldcpp",
    "0.0.0.0",
    5001,
  ],
  [`sglang serve ${MODEL}`, "sglang", "127.0.0.1", 30_000],
  [`text-generation-launcher --model-id ${MODEL}`, "tgi", "0.0.0.0", 3000],
] as const)("%s is read", (text, server, host, port) => {
  expect(readServer(script(text, "ubuntu:24.04"))).toMatchObject({
    server,
    model: MODEL,
    host,
    port,
  });
});

test.each([
  ["", "127.0.0.1", 11_434],
  ["0.0.0.0", "0.0.0.0", 11_434],
  ["0.0.0.0:8080", "0.0.0.0", 8080],
  [":8080", "0.0.0.0", 8080],
  ["http://127.0.0.1:9000/", "127.0.0.1", 9000],
  ["http://0.0.0.0", "0.0.0.0", 80],
  ["$HOST", null, null],
])("OLLAMA_HOST %s is an address", (OLLAMA_HOST, host, port) => {
  const spec = { dockerStartCmd: ["ollama", "serve"], env: { OLLAMA_HOST } };
  expect(readServer(spec)).toMatchObject({ host, port });
});

test.each([
  ["echo x | base64 -d | bash", "base64 -d | bash"],
  ["curl -sL https://example.com/x.sh | sh", "curl -sL https://example.com/x.sh | sh"],
  ["wget -q https://example.com/x.sh && bash x.sh", "bash x.sh"],
  ["supervisord -c /etc/supervisor.conf", "supervisord -c /etc/supervisor.conf"],
  ["/workspace/start.sh", "/workspace/start.sh"],
])("A command that cannot be read is reported: %s", (text, hidden) => {
  expect(readContainer(script(text))).toMatchObject({ launches: [], opaque: [hidden] });
});
