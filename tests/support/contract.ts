import { v1Document, v2Document } from "@runpod-stack/openapi";
import Ajv2020, { type ErrorObject, type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import {
  Description,
  type Documents,
  type Node,
  type Operation,
  type Place,
  pathOf,
  pointerStep,
} from "./openapi/description";
import { givenParameters, queryOf, typed } from "./openapi/parameters";
import { rateLimitFaults } from "./openapi/rate-limit-headers";
import { undescribed } from "./openapi/undescribed";

/** A request and its answer, as they were sent. Header names are lowercase. */
export interface Exchange {
  readonly method: string;
  /** With the query, such as "/v2/pods?limit=2". */
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  /** 0 if the connection was cut before there was an answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One place where an exchange departs from RunPod's description. */
export interface Violation {
  /** Such as "POST /v2/pods"; the original path if no operation has it. */
  readonly operation: string;
  /** Such as "request body" or "answer 201 headers". */
  readonly part: string;
  /** Where inside the part: a JSON pointer, or the name of a parameter or a header. */
  readonly pointer: string;
  readonly message: string;
}

type Report = (part: string, pointer: string, message: string) => void;

/** Checks exchanges against RunPod's OpenAPI descriptions, without code of the provider or the emulator. */
export class Contract {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #validators = new Map<Place, ValidateFunction>();
  readonly #description: Description;

  /** @param documents @default the patched descriptions */
  constructor(documents: Documents = { v1: v1Document(), v2: v2Document() }) {
    this.#description = new Description(documents);
    addFormats(this.#ajv);
    this.#ajv.addFormat("currency", true).addFormat("float", true);
    for (const [version, document] of Object.entries(documents)) {
      this.#ajv.addSchema(document, version, undefined, false);
    }
  }

  /** The operation of a request, such as "GET /v2/pods/{id}"; undefined if the description lacks it. */
  operationOf({ method, url }: Pick<Exchange, "method" | "url">): string | undefined {
    return this.#description.operation(method, url)?.name;
  }

  /** The violations of the request and its answer; empty for a valid exchange. */
  violations(exchange: Exchange): Violation[] {
    const { method, url } = exchange;
    const operation = this.#description.operation(method, url);
    const name = operation?.name ?? `${method} ${pathOf(url)}`;
    const found: Violation[] = [];
    const report: Report = (part, pointer, message) =>
      found.push({ operation: name, part, pointer, message });
    if (operation === undefined) {
      report("request path", "", UNDESCRIBED);
      return found;
    }
    this.#checkParameters(operation, exchange, report);
    this.#checkRequestBody(operation, exchange, report);
    if (exchange.status !== 0) {
      this.#checkAnswer(operation, exchange, report);
    }
    return found;
  }

  #checkParameters(operation: Operation, exchange: Exchange, report: Report): void {
    const parameters = givenParameters(this.#description, operation, exchange);
    const inQuery = parameters.filter((one) => one.in === "query").map(({ name }) => name);
    for (const name of new Set(queryOf(exchange.url).keys())) {
      if (!inQuery.includes(name)) {
        report("request query", name, UNDESCRIBED);
      }
    }
    for (const { name, in: place, isRequired, schema, value } of parameters) {
      const tell = (message: string) => report(`request ${place}`, name, message);
      if (value !== undefined) {
        this.#validate(schema, value, (_, message) => tell(message));
      } else if (isRequired) {
        tell("is missing");
      }
    }
  }

  #checkRequestBody({ place }: Operation, exchange: Exchange, report: Report): void {
    const { requestBody: body, requestHeaders } = exchange;
    const described = this.#description.node(`${place}/requestBody`);
    if (described === undefined) {
      if (body !== "") {
        report("request body", "", "must be empty");
      }
    } else if (body !== "") {
      const at = this.#description.resolve(`${place}/requestBody`);
      this.#checkContent(at, requestHeaders["content-type"], body, "request", report);
    } else if (described["required"] === true) {
      report("request body", "", "is missing");
    }
  }

  #checkAnswer({ place }: Operation, exchange: Exchange, report: Report): void {
    const { status, headers, body } = exchange;
    const of = `answer ${status}`;
    for (const { header, message } of rateLimitFaults(headers)) {
      report(`${of} headers`, header, message);
    }
    const response = this.#responseAt(place, status);
    const isV1 = place.startsWith("v1");
    if (response !== undefined) {
      this.#checkHeaders(response, headers, of, report);
    }
    if (response !== undefined && this.#description.node(`${response}/content`) !== undefined) {
      this.#checkContent(response, headers["content-type"], body, of, report);
    } else if (isV1 && status >= 400) {
      // v1 describes few of its refusals, and not their form.
      if (!isV1Refusal(body)) {
        report(`${of} body`, "", "is not in the form of v1's refusals");
      }
    } else if (response === undefined && this.#describesSuccess(place)) {
      report(of, "", UNDESCRIBED);
    } else if (body !== "" && !isV1) {
      report(`${of} body`, "", "must be empty");
    }
  }

  #responseAt(place: Place, status: number): Place | undefined {
    const [found] = [status, "default"]
      .map((key) => `${place}/responses/${key}`)
      .filter((candidate) => this.#description.node(candidate) !== undefined);
    return found === undefined ? undefined : this.#description.resolve(found);
  }

  /** v1 describes only the failures of a restart. */
  #describesSuccess(place: Place): boolean {
    const statuses = Object.keys(this.#description.node(`${place}/responses`) ?? {});
    return statuses.some((status) => status.startsWith("2"));
  }

  #checkHeaders(response: Place, headers: Exchange["headers"], of: string, report: Report): void {
    for (const name of Object.keys(this.#description.node(`${response}/headers`) ?? {})) {
      const text = headers[name.toLowerCase()];
      if (text === undefined) {
        continue;
      }
      const header = this.#description.resolve(`${response}/headers/${name}`);
      const schema = this.#description.resolve(`${header}/schema`);
      const value = typed(text, this.#description.node(schema));
      this.#validate(schema, value, (_, message) => report(`${of} headers`, name, message));
    }
  }

  /** A body that is described at `place`; `of` is "request", or the answer it belongs to. */
  #checkContent(
    place: Place,
    contentType: string | undefined,
    body: string,
    of: string,
    report: Report,
  ): void {
    const type = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    const types = Object.keys((this.#description.node(`${place}/content`) ?? {}) as Node);
    if (!types.includes(type)) {
      report(`${of} headers`, "content-type", `is "${type}" instead of ${types.join(" or ")}`);
      return;
    }
    if (!type.endsWith("json")) {
      return;
    }
    const schema = `${place}/content/${pointerStep(type)}/schema`;
    const value = parse(body);
    if (value === undefined) {
      report(`${of} body`, "", "is not JSON");
      return;
    }
    this.#validate(schema, value, (pointer, message) => report(`${of} body`, pointer, message));
    if (of === "request") {
      return;
    }
    for (const pointer of undescribed(this.#description, schema, value)) {
      report(`${of} body`, pointer, UNDESCRIBED);
    }
  }

  #validate(schema: Place, value: unknown, tell: (pointer: string, message: string) => void): void {
    const validate = this.#validators.get(schema) ?? this.#ajv.compile({ $ref: schema });
    this.#validators.set(schema, validate);
    if (validate(value)) {
      return;
    }
    // "if" only marks another error as coming from a condition.
    for (const error of (validate.errors ?? []).filter(({ keyword }) => keyword !== "if")) {
      tell(error.instancePath, messageOf(error));
    }
  }
}

const UNDESCRIBED = "is not in RunPod's description";

function isV1Refusal(body: string): boolean {
  const { error, message, status } = Object(parse(body));
  return typeof (error ?? message) === "string" && typeof status === "number";
}

function messageOf({ message, params }: ErrorObject): string {
  const unknown = params["unevaluatedProperty"] ?? params["additionalProperty"];
  return unknown === undefined ? `${message}` : `unknown property "${unknown}"`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
