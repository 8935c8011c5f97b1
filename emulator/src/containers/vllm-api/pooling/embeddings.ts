import type { Fields } from "../../values";
import { embeddingSize } from "../abilities";
import { badRequest, type Endpoint, notEmulated } from "../errors";
import { checkBody } from "../fields";
import { classifyRequest, embeddingRequest, poolingRequest } from "../schema/pooling-request";
import { type Call, servedName } from "../served";
import { inputsOf, listed } from "./inputs";
import { probability } from "./scores";
import { vectorOf } from "./vector";

/** `POST /v1/embeddings`. */
export function embeddings(body: Fields, call: Call, endpoint: Endpoint): Response {
  checkBody(body, embeddingRequest, endpoint);
  const model = servedName(call.served, body["model"]);
  if ((body["dimensions"] ?? null) !== null) {
    throw badRequest(
      `Model "${call.served.names[0]}" does not support matryoshka representation, changing output dimensions will lead to poor results.`,
    );
  }
  const encode = encoder(body);
  const inputs = inputsOf(body, call);
  const size = embeddingSize(call.served.root);
  return listed(`embd-${call.id}`, call, model, inputs, ({ text }) => ({
    object: "embedding",
    embedding: encode(vectorOf(text, size)),
  }));
}

/** `POST /pooling`, of the task that the model has. */
export function pooling(body: Fields, call: Call, endpoint: Endpoint): Response {
  checkBody(body, poolingRequest, endpoint);
  const { served } = call;
  const model = servedName(served, body["model"]);
  if ((body["dimensions"] ?? null) !== null) {
    throw badRequest("dimensions is currently not supported");
  }
  const task = body["task"] ?? served.ability;
  if (task !== served.ability || "data" in body) {
    throw notEmulated(`The task ${String(task)} of /pooling is not emulated.`);
  }
  const encode = encoder(body);
  const inputs = inputsOf(body, call);
  const size = embeddingSize(served.root);
  return listed(`pooling-${call.id}`, call, model, inputs, ({ text }) => ({
    object: "pooling",
    data: encode(task === "embed" ? vectorOf(text, size) : [probability(text, "")]),
  }));
}

/** `POST /classify`, of a model with one class. */
export function classify(body: Fields, call: Call, endpoint: Endpoint): Response {
  checkBody(body, classifyRequest, endpoint);
  const model = servedName(call.served, body["model"]);
  const inputs = inputsOf(body, call);
  return listed(`classify-${call.id}`, call, model, inputs, ({ text }) => ({
    label: "LABEL_0",
    probs: [probability(text, "")],
    num_classes: 1,
  }));
}

/** Numbers as JSON, or as base64 of 32-bit floats, the least significant byte first. */
function encoder(body: Fields): (vector: readonly number[]) => unknown {
  const { encoding_format: format = "float", embed_dtype: type, endianness } = body;
  if (format === "float") {
    return (vector) => vector;
  }
  if (format !== "base64" || (type ?? "float32") !== "float32" || endianness === "big") {
    throw notEmulated(
      "Embeddings are emulated as floats, or as base64 of float32 in native byte order.",
    );
  }
  return (vector) => {
    const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
    for (const [index, value] of vector.entries()) {
      bytes.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT);
    }
    return bytes.toString("base64");
  };
}
