import type { Fields } from "../../values";
import { embeddingSize } from "../abilities";
import { badRequest, type Endpoint, malformed, notEmulated } from "../errors";
import type { Kind } from "../schema/kinds";
import { classifyRequest, embeddingRequest, poolingRequest } from "../schema/pooling-request";
import { type Call, servedName } from "../served";
import { inputsOf, promptUsage } from "./inputs";
import { probability } from "./scores";
import { vectorOf } from "./vector";

/** `POST /v1/embeddings`. */
export function embeddings(body: Fields, call: Call, endpoint: Endpoint): Response {
  check(embeddingRequest, body, endpoint);
  const model = servedName(call.served, body["model"]);
  if ((body["dimensions"] ?? null) !== null) {
    throw badRequest(
      `Model "${call.served.names[0]}" does not support matryoshka representation, changing output dimensions will lead to poor results.`,
    );
  }
  const encode = encoder(body);
  const inputs = inputsOf(body, call);
  const size = embeddingSize(call.served.root);
  return Response.json({
    id: `embd-${call.id}`,
    object: "list",
    created: call.created,
    model,
    data: inputs.map(({ text }, index) => ({
      index,
      object: "embedding",
      embedding: encode(vectorOf(text, size)),
    })),
    usage: promptUsage(inputs),
  });
}

/** `POST /pooling`, of the task that the model has. */
export function pooling(body: Fields, call: Call, endpoint: Endpoint): Response {
  check(poolingRequest, body, endpoint);
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
  return Response.json({
    id: `pooling-${call.id}`,
    object: "list",
    created: call.created,
    model,
    data: inputs.map(({ text }, index) => ({
      index,
      object: "pooling",
      data: encode(task === "embed" ? vectorOf(text, size) : [probability(text, "")]),
    })),
    usage: promptUsage(inputs),
  });
}

/** `POST /classify`, of a model with one class. */
export function classify(body: Fields, call: Call, endpoint: Endpoint): Response {
  check(classifyRequest, body, endpoint);
  const model = servedName(call.served, body["model"]);
  const inputs = inputsOf(body, call);
  return Response.json({
    id: `classify-${call.id}`,
    object: "list",
    created: call.created,
    model,
    data: inputs.map(({ text }, index) => ({
      index,
      label: "LABEL_0",
      probs: [probability(text, "")],
      num_classes: 1,
    })),
    usage: promptUsage(inputs),
  });
}

function check(kind: Kind, body: Fields, endpoint: Endpoint): void {
  const found = kind.check(body, ["body"]);
  if (found.length > 0) {
    throw malformed(found, endpoint);
  }
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
