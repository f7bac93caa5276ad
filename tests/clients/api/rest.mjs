// Calls of documented operations: each answer is checked against the document and noted.
import { checkAnswer } from './answers.mjs';
import { brief, complain } from './findings.mjs';
import { send } from './http.mjs';
import { errorsOf } from './schemas.mjs';

export const anyRequest = 'any request';

export class Rest {
  constructor(documents, ledger, origin) {
    this.operations = new Map(documents.operations.map((one) => [one.name, one]));
    this.anyRequest = documents.anyRequest;
    this.ledger = ledger;
    this.origin = origin;
    for (const { name, responses } of documents.operations) {
      for (const status of Object.keys(responses)) ledger.announce(name, status);
    }
    for (const status of Object.keys(this.anyRequest)) ledger.announce(anyRequest, status);
  }

  /** The methods of every documented path that a target can be. */
  methodsOf(target) {
    const fits = (path) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(target);
    return [...this.operations.values()]
      .filter(({ path }) => fits(path))
      .map(({ method }) => method);
  }

  /**
   * Calls an operation by its name (`GET /api/apps`).
   *   path, query   values of parameters
   *   body          an object, sent as JSON; or a text or bytes, sent as they are
   *   as            headers of who calls
   *   expected      the status that must come
   */
  async call(name, { path = {}, query = {}, body, as = {}, headers = {}, expected, origin } = {}) {
    const operation = this.operations.get(name);
    if (!operation) throw new Error(`the document has no ${name}`);
    const text =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
        ? body
        : JSON.stringify(body);
    const search = new URLSearchParams(query).toString();
    const filled = operation.path.replace(/\{(\w+)\}/g, (_, key) => path[key]);
    const answer = await send(origin ?? this.origin, {
      method: operation.method,
      target: search ? `${filled}?${search}` : filled,
      headers: {
        ...(text === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
        ...as,
        ...headers,
      },
      body: text,
    });
    const title = `${name} ${answer.status} (${filled}${search && `?${search}`}${text ? ` ${brief(String(text))}` : ''})`;
    this.#note(operation, answer, title, expected);
    if (answer.status < 300) this.#checkRequest(operation, { path, query, body }, title);
    return answer;
  }

  /** The same, and the JSON that came. */
  async json(name, options) {
    return JSON.parse((await this.call(name, options)).body);
  }

  #note(operation, answer, title, expected) {
    if (expected !== undefined && answer.status !== expected) {
      complain(`${title}: expected ${expected}, got ${brief(answer.body)}`);
    }
    if (!this.ledger.saw(operation.name, answer.status)) {
      return complain(`${title}: this status is not documented: ${brief(answer.body)}`);
    }
    checkAnswer(answer, operation.responses[answer.status], title);
  }

  /** What the server took must be what the document allows. */
  #checkRequest(operation, { path, query, body }, title) {
    for (const [key, value] of Object.entries({ ...path, ...query })) {
      const parameter = operation.parameters.find((one) => one.name === key);
      const errors = parameter
        ? errorsOf(parameter.schema, parameter.schema.type === 'integer' ? Number(value) : value)
        : ['is not documented'];
      for (const error of errors) complain(`${title}: parameter ${key}: ${error}`);
    }
    if (!operation.requestSchema) return;
    for (const error of errorsOf(operation.requestSchema, body))
      complain(`${title}: request: ${error}`);
  }

  /** Notes an answer that any request can get. */
  noteAny(answer, status, title) {
    if (answer.status !== status) {
      return complain(`${title}: expected ${status}, got ${answer.status} ${brief(answer.body)}`);
    }
    if (!this.ledger.saw(anyRequest, status))
      return complain(`${title}: ${status} is not documented`);
    checkAnswer(answer, this.anyRequest[status], title);
  }
}
