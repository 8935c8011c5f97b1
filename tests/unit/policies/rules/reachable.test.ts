import { ofPod, ofTemplate } from "../scene";

const judged = (changes = {}) => ofPod("port-reachable", changes);
const command = (...options: string[]) => ({ dockerStartCmd: ["Qwen/Qwen3-8B", ...options] });
const script = (text: string) => ({ dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [text] });

describe("port-reachable", () => {
  test("accepts a server on an exposed port", () => {
    expect(judged()).toEqual([]);
    expect(judged({ ...command("--port", "9000"), ports: ["9000/tcp", "22/tcp"] })).toEqual([]);
    expect(judged({ ...command("--port", "9000"), ports: ["22/tcp"] })).toEqual([]);
  });

  test("refuses a port on which nothing answers", () => {
    expect(judged({ ports: ["8888/http"] })).toEqual([
      'mandatory: ports 8888/http must include 8000/http: vllm listens on port 8000, and nothing answers on 8888/http. Add "8000/http" to ports, or start the server with --port 8888.',
    ]);
  });

  test("refuses the loopback address, the server's own default included", () => {
    expect(judged(command("--host", "127.0.0.1"))[0]).toMatch(
      /^mandatory: dockerStartCmd must start vllm on all addresses: it listens on 127.0.0.1:8000/,
    );
    const imageName = "lmsysorg/sglang:v0.5.23";
    const dockerStartCmd = ["python3", "-m", "sglang.launch_server", "--model-path", "a/b"];
    expect(judged({ imageName, dockerStartCmd, ports: ["30000/http"] })[0]).toMatch(
      /^mandatory: .*127.0.0.1:30000/,
    );
  });

  test("refuses a script that runs nothing else", () => {
    expect(judged(script("set -e; vllm serve a/b --host localhost"))[0]).toMatch(/^mandatory: /);
  });

  test("advises if something else may answer, or nothing is exposed", () => {
    expect(judged({ ...script("python app.py & vllm serve a/b"), ports: ["80/http"] })[0]).toMatch(
      /^advisory: /,
    );
    expect(judged({ ports: undefined })[0]).toMatch(
      /^advisory: ports \(none\) should include 8000\/http/,
    );
    expect(judged({ ...command("--host", "::1"), ports: undefined })[0]).toMatch(/^advisory: /);
    expect(ofTemplate("port-reachable", { ports: ["80/http"] })[0]).toMatch(/^advisory: /);
  });

  test("ignores a gateway, several servers of which one is reachable, and an unknown port", () => {
    expect(
      judged({ ...script("nginx && vllm serve a/b --host 127.0.0.1"), ports: ["80/http"] }),
    ).toEqual([]);
    expect(judged(script("vllm serve a/b & vllm serve c/d --port 8001"))).toEqual([]);
    expect(judged({ ...command("--port", "$PORT"), ports: ["80/http"] })).toEqual([]);
    expect(judged({ ...command(), ports: ["$PORT/http", "8000/http"] })).toEqual([]);
  });
});
