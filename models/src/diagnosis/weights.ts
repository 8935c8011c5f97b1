import { type Cause, certain, likely } from "./cause";

/** Causes in the model's files. */
export const WEIGHTS_CAUSES: readonly Cause[] = [
  {
    name: "model-file-corrupt",
    remedy:
      "A model file is truncated or is not a model file, for example a Git LFS pointer. Delete it from the volume and download it again with `hf download` (a plain `git clone` leaves pointers). Make sure that the volume has room for the whole model (volumeInGb, or the network volume's size).",
    signs: [
      certain(/SafetensorError: Error while deserializing|Error while deserializing header/),
      certain(/cloned a repository without having git-lfs installed/),
      certain(
        /invalid magic (?:characters|number)|invalid (?:file|GGUF) magic|failed to read magic/i,
      ),
      certain(/data is not within the file bounds|model is corrupted or incomplete/i),
      certain(/failed finding central directory|PytorchStreamReader failed/),
      certain(/invalid load key, '|unexpected EOF, expected \d{1,20} more bytes/),
      certain(/git-lfs\.github\.com\/spec|digest mismatch, file must be downloaded again/),
      certain(/gguf_init_from_\w{1,30}: failed to read|unexpectedly reached end of file/, {
        unlessNear: { pattern: /invalid ggml type/, lines: 2 },
      }),
      certain(/(?:file size|size of file) .{0,80}(?:mismatch|does not match|smaller than)/i, {
        near: { pattern: /\.(?:safetensors|gguf|bin|pth?)\b/, lines: 0 },
      }),
      likely(/is not a valid JSON file|EOFError: Ran out of input|UnpicklingError/),
    ],
  },
  {
    name: "server-too-old-for-model",
    remedy:
      "The server in the image is too old for this model. Use a newer imageName, or an older version of the model.",
    signs: [
      certain(/requires a newer version of Ollama/i, {
        remedy:
          "This model needs a newer Ollama than the image has. Use a newer imageName, such as a later ollama/ollama tag.",
      }),
      certain(/pull model manifest: 412\b/, {
        remedy:
          "This model needs a newer Ollama than the image has. Use a newer imageName, such as a later ollama/ollama tag.",
      }),
      certain(/unknown pre-tokenizer type|has invalid ggml type \d/),
      likely(/error loading model hyperparameters: key not found in model/),
      certain(/did not match any variant of untagged enum/, {
        remedy:
          "The image's tokenizers library is too old for the model's tokenizer.json. Use a newer imageName.",
      }),
    ],
  },
  {
    name: "weights-do-not-match",
    remedy:
      "The weights do not match the model's config. The repository may be an adapter (LoRA), its tokenizer or config may belong to another model, --quantization may be wrong, or the image may be older than the checkpoint. Check the model name and these options in dockerStartCmd, or try a newer imageName.",
    signs: [
      certain(/Attempted to load weight \(|Tried to load weights of size|weight shape mismatch/i),
      certain(/size mismatch for \S{1,200}: copying a param|Error\(s\) in loading state_dict/),
      certain(
        /There is no module or parameter named '|weights were not initialized from checkpoint/,
      ),
      certain(/Trying to set a tensor of shape .{0,200}which has shape/),
      certain(/RuntimeError: weight \S{1,200} does not exist/),
      certain(/missing tensor '|wrong number of tensors; expected \d/),
      certain(/tensor '.{1,120}' has wrong shape/),
      likely(/assert param(?:_data)?\.(?:shape|size\(\)) == loaded_weight\.(?:shape|size\(\))/),
      likely(/The size of tensor a \(\d{1,9}\) must match/, {
        near: { pattern: /weight_loader|load_weights|weight_utils/, lines: 10 },
      }),
    ],
  },
];
