import { readPrecision, weightsGb } from "../../../models/src/precision";

/** Bytes for each parameter, and the share of the embeddings that keeps 16 bits. */
const KINDS = {
  half: [2, 0],
  full: [4, 0],
  fp8: [1.01, 1],
  mxfp8: [1.03, 1],
  int8: [1.015, 1],
  fp4: [0.59, 1],
  mxfp4: [0.54, 1],
  packed4: [0.53, 1],
} as const;

test.each<[string, string, readonly [number, number]]>([
  ["gemma-3-12b-it-qat-int4-unquantized", "16 bits", KINDS.half],
  ["chat-AWQ-unquantised", "16 bits", KINDS.half],
  ["chat-NVFP4", "NVFP4", KINDS.fp4],
  ["modelopt_fp4", "NVFP4", KINDS.fp4],
  ["chat-MXFP4", "MXFP4", KINDS.mxfp4],
  ["chat-MXFP8", "MXFP8", KINDS.mxfp8],
  ["chat-FP4", "FP4", KINDS.fp4],
  ["chat-4bpw", "4 bits per weight", [0.5, 0.5]],
  ["chat-4.25bpw", "4.25 bits per weight", [4.25 / 8, 0.5]],
  ["6_5bpw", "6.5 bits per weight", [6.5 / 8, 0.5]],
  ["chat-5.0-bpw", "5 bits per weight", [5 / 8, 0.5]],
  ["chat 3 bpw", "3 bits per weight", [3 / 8, 0.5]],
  ["chat.Q4_K_M.gguf", "Q4_K_M", [0.6, 0]],
  ["chat-IQ2_XXS", "IQ2_XXS", [0.35, 0]],
  ["q8_0", "Q8_0", [1.1, 0]],
  ["chat-q4f16_1-MLC", "4 bits", KINDS.packed4],
  ["q3f32", "3 bits", [0.3975, 1]],
  ["chat-INT8", "8 bits", KINDS.int8],
  ["chat-int4-mix", "4 bits", KINDS.packed4],
  ["int4", "4 bits", KINDS.packed4],
  ["chat.w8a8", "8 bits", KINDS.int8],
  ["w4a16", "4 bits", KINDS.packed4],
  ["chat-4bit", "4 bits", KINDS.packed4],
  ["chat-6-bit-x", "6 bits", [0.795, 1]],
  ["8bits", "8 bits", KINDS.int8],
  ["chat-FP8-dynamic", "FP8", KINDS.fp8],
  ["float8", "FP8", KINDS.fp8],
  ["eetq", "8 bits", KINDS.fp8],
  ["chat-AWQ", "4 bits", KINDS.packed4],
  ["gptq", "4 bits", KINDS.packed4],
  ["bnb", "4 bits", KINDS.packed4],
  ["bitsandbytes", "4 bits", KINDS.packed4],
  ["nf4", "4 bits", KINDS.packed4],
  ["marlin", "4 bits", KINDS.packed4],
  ["autoround", "4 bits", KINDS.packed4],
  ["auto-round", "4 bits", KINDS.packed4],
  ["chat-fp32", "32 bits", KINDS.full],
  ["float32", "32 bits", KINDS.full],
  ["f32-x", "32 bits", KINDS.full],
  ["chat-BF16", "16 bits", KINDS.half],
  ["bfloat16", "16 bits", KINDS.half],
  ["float16", "16 bits", KINDS.half],
  ["fp16-x", "16 bits", KINDS.half],
  ["f16", "16 bits", KINDS.half],
  ["bitnet-2B", "2 bits", [0.265, 1]],
  ["b1.58-2B", "2 bits", [0.265, 1]],
  ["chat-b1.58", "2 bits", [0.265, 1]],
])("%s is stored as %s", (text, name, [bytesPerParameter, embeddingsKept]) => {
  const found = readPrecision(text);
  expect(found).toMatchObject({ name, embeddingsKept });
  expect(found?.bytesPerParameter).toBeCloseTo(bytesPerParameter);
});

test.each([
  ["chat"],
  ["14.0bpw"],
  ["chat-q9_0"],
  ["q4x"],
  ["q9f16"],
  ["chatq4f16"],
  ["point4"],
  ["int9"],
  ["int40"],
  ["14bit"],
  ["4bitx"],
  ["w4b16"],
  ["xfp32"],
  ["fp320"],
  ["xbf16"],
  ["bf160"],
  ["rev-ab1.58"],
])("%s names no precision", (text) => {
  expect(readPrecision(text)).toBeNull();
});

test.each([
  [8, { bytesPerParameter: 2, embeddingsKept: 0 }, 16],
  [8, { bytesPerParameter: 1, embeddingsKept: 1 }, 8 + 1],
  [80, { bytesPerParameter: 1, embeddingsKept: 1 }, 80 + 1.5],
  [80, { bytesPerParameter: 0.5, embeddingsKept: 0.5 }, 40 + 0.75 * 1.5],
])("%d billion parameters with %j take %d GB", (parametersB, precision, gb) => {
  expect(weightsGb(parametersB, { name: "x", ...precision })).toBeCloseTo(gb);
});
