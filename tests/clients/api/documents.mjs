// The two documents: valid by the official schemas, then read with every `$ref` put in place.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brief, complain } from './findings.mjs';
import { Ajv, addFormats, asyncapiSchema, OpenapiValidator, parse } from './modules.mjs';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** A copy without `$ref`; what stands beside one goes before what it names. */
function inlined(document) {
  const copies = new Map();
  const target = (ref) =>
    ref
      .slice(2)
      .split('/')
      .reduce((node, part) => {
        const found = node?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
        if (found === undefined) throw new Error(`${ref} names nothing`);
        return found;
      }, document);
  const copyOf = (node) => {
    if (node === null || typeof node !== 'object') return node;
    if (Array.isArray(node)) return node.map(copyOf);
    if (copies.has(node)) return copies.get(node);
    const { $ref, ...own } = node;
    const copy = Object.fromEntries(
      Object.entries(own).map(([key, value]) => [key, copyOf(value)]),
    );
    const whole = $ref ? { ...copyOf(target($ref)), ...copy } : copy;
    copies.set(node, whole);
    return whole;
  };
  return copyOf(document);
}

async function checkOpenapi(document) {
  const { valid, errors } = await new OpenapiValidator().validate(document);
  if (!valid) complain(`openapi.yaml is no OpenAPI document: ${brief(errors)}`);
}

function checkAsyncapi(document) {
  // The schema brings draft 07 along, so that Ajv must not.
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false, logger: false });
  addFormats(ajv);
  const valid = ajv.compile(asyncapiSchema);
  if (!valid(document)) complain(`asyncapi.yaml is no AsyncAPI document: ${brief(valid.errors)}`);
}

/** Every operation with what its path says for all of them. */
function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method])
      .map((method) => ({
        ...item[method],
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])],
        security: item[method].security ?? document.security,
        requestSchema: item[method].requestBody?.content['application/json'].schema,
      })),
  );
}

export async function readDocuments(folder) {
  const read = (name) => parse(readFileSync(join(folder, name), 'utf8'));
  const rest = read('openapi.yaml');
  const streams = read('asyncapi.yaml');
  await checkOpenapi(structuredClone(rest));
  checkAsyncapi(streams);
  const restDocument = inlined(rest);
  return {
    rest: restDocument,
    operations: operationsOf(restDocument),
    anyRequest: restDocument['x-any-request'],
    streams: inlined(streams),
  };
}
