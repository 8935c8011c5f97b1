import { nameOfUrl, readDownload, withQuantization } from "../../../models/src/downloads";

const read = (command: string) => readDownload(command.split(" "));
const HF = "https://huggingface.co";

describe("A download of a repository", () => {
  test("has its name, its folder and the setting that decides it", () => {
    const inCache = { name: "a/b", path: null, from: "--local-dir", isPart: false };
    expect(read("hf download a/b")).toEqual(inCache);
    expect(read("huggingface-cli download a/b")).toEqual(inCache);
    expect(read("sudo /usr/bin/hf download a/b")).toEqual(inCache);
    const inFolder = { ...inCache, path: "/m" };
    expect(read("hf download a/b --local-dir /m")).toEqual(inFolder);
    expect(read("hf download a/b --local-dir /m --cache-dir /c")).toEqual(inFolder);
    expect(read("hf download a/b --cache-dir /c")).toEqual({
      ...inCache,
      path: "/c",
      from: "--cache-dir",
    });
  });

  test.each([
    ["modelscope download --model a/b", "a/b", false],
    ["hf download --repo-id a/b", "a/b", false],
    ["hf download --quiet a/b", "a/b", false],
    ["hf download --quieter x a/b", "a/b", false],
    ["hf download --not--quiet x a/b", "a/b", false],
    ["hf download a/b --repo-type model", "a/b", false],
    ["hf download a/b x-Q8_0.gguf", "a/b:Q8_0", false],
    ["hf download a/b config.json", "a/b", true],
    ["hf download a/b x-Q8_0.gguf x-Q4_0.gguf", "a/b", true],
    ["hf download a/b --include *Q8_0*", "a/b:Q8_0", false],
    ["hf download a/b --include *", "a/b", false],
    ["hf download a/b --include *.safetensors", "a/b", false],
    ["hf download a/b --include *.json", "a/b", false],
    ["hf download a/b --include *.jsonl", "a/b", true],
    ["hf download a/b --include x*.json", "a/b", true],
    ["hf download a/b --include *.txt", "a/b", true],
  ])("%s is of %s, in part: %s", (command, name, isPart) => {
    expect(read(command)).toMatchObject({ name, isPart });
  });
});

describe("A download by Ollama", () => {
  test.each(["ollama pull qwen3:8b", "ollama run qwen3:8b", "ollama pull --insecure qwen3:8b"])(
    "%s",
    (command) => {
      expect(read(command)).toEqual({
        name: "qwen3:8b",
        path: null,
        from: "OLLAMA_MODELS",
        isPart: false,
      });
    },
  );
});

describe("A download of a file", () => {
  test.each<[string, string, string]>([
    ["wget URL", "./x.gguf", "the command"],
    ["wget -O /m/y.gguf URL", "/m/y.gguf", "-o"],
    ["wget --output-document=y.gguf URL", "y.gguf", "-o"],
    ["wget URL -P /m", "/m/x.gguf", "the command"],
    ["wget --directory-prefix /m URL", "/m/x.gguf", "the command"],
    ["wget -P /m -O /y.gguf URL", "/y.gguf", "-o"],
    ["curl -L -o y.gguf URL", "y.gguf", "-o"],
    ["curl --output y.gguf --output-dir /m URL", "/m/y.gguf", "-o"],
    ["aria2c -d /m -o y.gguf URL", "/m/y.gguf", "-o"],
    ["aria2c --dir=/m --out=y.gguf URL", "/m/y.gguf", "-o"],
  ])("%s is to %s, by %s", (command, path, from) => {
    const url = "https://example.com/x.gguf";
    expect(read(command.replace("URL", url))).toEqual({ name: url, path, from, isPart: false });
  });

  test.each(["safetensors", "bin", "pt", "pth", "ckpt", "onnx"])("of .%s is a part", (ending) => {
    const url = `http://example.com/x.${ending}?download=true`;
    expect(read(`wget ${url}`)).toMatchObject({ name: url, isPart: true });
  });

  test("has the name of its repository", () => {
    expect(read(`wget ${HF}/a/b/resolve/main/x-Q8_0.gguf`)).toMatchObject({ name: "a/b:Q8_0" });
  });
});

describe("A clone", () => {
  test.each([
    [`git clone ${HF}/a/b`, "a/b", "./b"],
    [`git clone ${HF}/a/b.git`, "a/b", "./b"],
    ["git clone http://hf.co/a/b /m", "a/b", "/m"],
    [`git clone --depth 1 --single-branch ${HF}/a/b /m`, "a/b", "/m"],
    [`git clone --progress-x 1 ${HF}/a/b`, "a/b", "./b"],
    [`git clone --x--progress 1 ${HF}/a/b`, "a/b", "./b"],
  ])("%s is of %s to %s", (command, name, path) => {
    expect(read(command)).toEqual({ name, path, from: "git clone", isPart: false });
  });
});

test.each([
  "hf",
  "hf upload a/b",
  "hf download",
  "hf download a/b --repo-type dataset",
  "ollama",
  "ollama list x",
  "ollama repull x",
  "ollama pulls x",
  "ollama pull",
  "wget https://example.com/x.txt",
  "wget https://example.com/x.ggufs",
  "wget https://example.com/gguf",
  "wget ftp://example.com/x.gguf",
  "wget -O xhttps://example.com/x.gguf",
  "wget",
  "git clone https://github.com/a/b",
  "git clone https://example.com/https://huggingface.co/a/b",
  `git pull ${HF}/a/b`,
  "git clone",
  "git",
  "constructor",
  "echo a/b",
  "",
])("No download of a model: %s", (command) => {
  expect(read(command)).toBeNull();
});

test.each([
  [`${HF}/a/b`, "a/b"],
  [`${HF}/a/b.git`, "a/b"],
  [`${HF}/a/b.github`, "a/b.github"],
  [`${HF}/a/b/resolve/main/x-Q8_0.gguf`, "a/b:Q8_0"],
  [`${HF}/a/b/blob/main/x-Q8_0.gguf?download=true`, "a/b:Q8_0"],
  [`${HF}/a/b/raw/v1/folder/x-Q8_0.gguf#x`, "a/b:Q8_0"],
  [`${HF}/a/b/tree/main/x-Q8_0.gguf`, "a/b"],
  ["https://hf.co/a/b", "a/b"],
  ["https://hf-mirror.com/a/b", "a/b"],
  ["https://example.com/a/b", "https://example.com/a/b"],
])("%s is a file of %s", (url, name) => {
  expect(nameOfUrl(url)).toBe(name);
});

describe("A file's name shows its quantization", () => {
  test.each([
    ["x-Q8_0.gguf", "Q8_0"],
    ["x.Q4_K_M.gguf", "Q4_K_M"],
    ["x-IQ4_XS.gguf", "IQ4_XS"],
    ["x_q4_0.gguf", "q4_0"],
    ["Q8_0/x-bf16.gguf", "bf16"],
    ["x-f32.gguf", "f32"],
    ["x-fp16.gguf", "fp16"],
    ["x-MXFP4.gguf", "MXFP4"],
    ["Q8_0.gguf", "Q8_0"],
    ["x/Q8_0.gguf", "Q8_0"],
    ["x-Q8_0-00001-of-00002.gguf", "Q8_0"],
    ["x-Q8_0-1-of-2.gguf", "Q8_0"],
    ["*Q8_0*", "Q8_0"],
    ["*Q8_0*.gguf", "Q8_0"],
    ["*Q8_0", "Q8_0"],
    [`${"x".repeat(300)}-Q8_0.gguf`, "Q8_0"],
  ])("%s: %s", (file, quantization) => {
    expect(withQuantization("a/b", file)).toBe(`a/b:${quantization}`);
    expect(withQuantization("a/b:Q2_K", file)).toBe(`a/b:${quantization}`);
  });

  test.each(["x.gguf", "xQ8_0.gguf", "x-Q8_0.bin", "x-Q8_0.gguf.part", "x-f64.gguf", ""])(
    "or does not: %s",
    (file) => {
      expect(withQuantization("a/b", file)).toBe("a/b");
    },
  );
});
