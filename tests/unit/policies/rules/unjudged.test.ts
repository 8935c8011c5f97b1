// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's, not JavaScript's
import { type Item, judgement, settingsOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_POD, item, ofEndpoint, ofPod, options } from "../scene";

const judged = (changes = {}, config = {}) => ofPod("unjudged", changes, config);
const script = (text: string, imageName = "vllm/vllm-openai:v0.20.0") => ({
  imageName,
  dockerEntrypoint: ["bash", "-c"],
  dockerStartCmd: [text],
});

describe("unjudged", () => {
  test("accepts a server that it can read, and a program that serves no model", () => {
    expect(judged()).toEqual([]);
    expect(judged({ imageName: "nginx:1.29", dockerStartCmd: [] })).toEqual([]);
    expect(judged(script("apt-get update && /usr/sbin/sshd -D"))).toEqual([]);
    expect(
      judged({
        imageName: "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404",
        dockerStartCmd: ["/start.sh"],
      }),
    ).toEqual([]);
    expect(judged({ imageName: "acme/app:1", dockerStartCmd: ["python", "train.py"] })).toEqual([]);
  });

  test.each([
    "echo eA== | base64 -d | bash",
    "curl -s https://example.com | sh",
    "supervisord",
    "bash /run.sh",
  ])("reports what it cannot read: %s", (text) => {
    expect(judged(script(text))).toEqual([
      expect.stringMatching(/^advisory: dockerStartCmd cannot be checked: it does not show what /),
    ]);
  });

  test("names what it cannot read, and the remedy", () => {
    const finding = (what: string) =>
      `advisory: dockerStartCmd cannot be checked: it does not show what ${what} starts, so the rules about models, disks, GPU memory and ports do not apply. Write the model server's command in dockerStartCmd, or check the script's needs yourself: npx -p @runpod-stack/policies runpod-policies size <model>.`;
    expect(judged(script("supervisord"))).toEqual([finding("supervisord")]);
    const own = { imageName: "acme/app:1", dockerStartCmd: ["/start.sh"] };
    expect(judged(own)).toEqual([finding("/start.sh")]);
  });

  test.each([{ imageName: UNKNOWN }, { dockerStartCmd: UNKNOWN }, { env: UNKNOWN }])(
    "says nothing about what is not known: %p",
    (changes) => {
      expect(judged({ dockerStartCmd: undefined, ...changes })).toEqual([]);
    },
  );

  test("accepts a worker whose model comes from its endpoint", () => {
    expect(ofEndpoint("unjudged", { env: {} })).toEqual([]);
  });

  test("reports an unknown image that sounds like a model server, and the remedy", () => {
    const changes = { imageName: "ghcr.io/acme/vllm-fork:1", dockerStartCmd: ["--model", "a/b"] };
    expect(judged(changes)).toEqual([
      'advisory: imageName ghcr.io/acme/vllm-fork:1 cannot be checked: its name suggests a model server, but the image is unknown, so the rules about models, disks, GPU memory and ports do not apply. Set the known image that it behaves like in the policy configuration: {"container-disk-size": {"images": {"<image>": "vllm/vllm-openai:v0.20.0"}}}.',
    ]);
    const images = { "ghcr.io/acme/vllm-fork": "vllm/vllm-openai:v0.20.0" };
    expect(judged(changes, options("container-disk-size", { images }))).toEqual([]);
  });

  test("reports a model that cannot be read, and a server that nothing starts", () => {
    expect(judged(script("vllm serve $MODEL"))).toEqual([
      "advisory: dockerStartCmd cannot be checked: it starts vllm, but does not name a model. Name the model in dockerStartCmd, or set its variable in env.",
    ]);
    const sglang = { imageName: "lmsysorg/sglang:v0.5.23", dockerStartCmd: undefined };
    expect(judged(sglang)).toEqual([
      "advisory: dockerStartCmd is required: imageName lmsysorg/sglang:v0.5.23 does not start a model server on its own. Set dockerStartCmd to the server's command.",
    ]);
    expect(judged({ ...sglang, dockerStartCmd: ["true"] })).toEqual([]);
    expect(judged({ ...sglang, dockerEntrypoint: ["true"] })).toEqual([]);
    expect(judged({ imageName: "ollama/ollama:0.12.6", dockerStartCmd: undefined })).toEqual([]);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [
      { imageName: `ghcr.io/${"x".repeat(500)}/vllm:1`, dockerStartCmd: [] },
      /imageName ghcr.io\/x+… c/,
    ],
    [script(`bash /${"y".repeat(500)}.sh`), /what bash \/y+… starts/],
    [
      {
        imageName: `lmsysorg/sglang:v0.5.2${"3".repeat(120)}${"4".repeat(120)}`,
        dockerStartCmd: undefined,
      },
      /imageName lmsysorg\/sglang:v0\.5\.23+4+… does/,
    ],
  ])("shortens a long name: %j", (changes, shortened) => {
    expect(judged(changes)).toEqual([expect.stringMatching(shortened)]);
  });
});

describe("a judgement names the containers without a recognized server", () => {
  const unrecognized = (kind: Item["spec"]["kind"], changes: Record<string, unknown> = {}) =>
    judgement([item(kind, { ...HAPPY_POD, ...changes })], settingsOf({})).unrecognized.map(
      ({ why }) => why,
    );
  const APP = { imageName: "acme/app:1", dockerStartCmd: ["python", "app.py"] };

  test("with the image", () => {
    const why = "no model server recognized in image acme/app:1";
    expect(unrecognized("Pod", APP)).toEqual([why]);
    expect(unrecognized("Template", APP)).toEqual([why]);
    const long = { ...APP, imageName: `acme/${"x".repeat(500)}` };
    expect(unrecognized("Pod", long)[0]).toMatch(/ image acme\/x{150,200}…$/);
  });

  test("and no container with a server, a known image, or an image that is not known yet", () => {
    const image = "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404";
    expect(unrecognized("Pod")).toEqual([]);
    const server = { imageName: "acme/llm:1", dockerStartCmd: ["vllm", "serve", "a/b"] };
    expect(unrecognized("Pod", server)).toEqual([]);
    expect(unrecognized("Pod", { ...APP, imageName: image })).toEqual([]);
    expect(unrecognized("Pod", { ...APP, imageName: UNKNOWN })).toEqual([]);
    expect(unrecognized("Pod", { ...APP, ...script("${A:-".repeat(20), "acme/app:1") })).toEqual(
      [],
    );
    expect(unrecognized("Volume", APP)).toEqual([]);
  });

  test("and why another could not be checked", () => {
    const found = judgement(
      [item("Pod", { ...HAPPY_POD, ...script("supervisord") })],
      settingsOf({}),
    );
    expect(found.violations.map(({ unjudged }) => unjudged)).toContain(
      "what supervisord starts cannot be read",
    );
  });
});
