// Every example of the documents against the schema that it belongs to.
import { complain } from './findings.mjs';
import { errorsOf } from './schemas.mjs';

let checked = 0;
const seen = new Set();

function check(schema, value, at) {
  ++checked;
  for (const error of errorsOf(schema, value)) complain(`the example at ${at}: ${error}`);
}

function checkLines(schema, text, at) {
  for (const line of text.trimEnd().split('\n')) check(schema, JSON.parse(line), at);
}

/** A media type, a header or a parameter. */
function checkHolder(node, at) {
  const values = Object.values(node.examples ?? {}).map(({ value }) => value);
  if ('example' in node) values.push(node.example);
  for (const value of values) {
    check(node.schema, value, at);
    if (node['x-line-schema']) checkLines(node['x-line-schema'], value, at);
  }
  if (values.length === 0 && !node.schema.examples && at.endsWith('/application/json')) {
    complain(`${at} has no example`);
  }
}

function checkSchema(node, at) {
  for (const value of node.examples ?? []) check(node, value, at);
  if ('default' in node) check(node, node.default, at);
}

function walk(node, at) {
  if (node === null || typeof node !== 'object' || seen.has(node)) return;
  seen.add(node);
  if (node.schema) checkHolder(node, at);
  if (node.payload && node.examples) {
    for (const { payload } of node.examples) check(node.payload, payload, at);
  }
  const isSchema = ['type', 'enum', 'const', 'oneOf', 'anyOf'].some((key) => key in node);
  if (isSchema && !node.schema && !node.payload) checkSchema(node, at);
  // What stands in an example is data, whatever its fields are called.
  for (const [key, value] of Object.entries(node)) {
    if (!['example', 'examples', 'default', 'variables'].includes(key)) walk(value, `${at}/${key}`);
  }
}

export function checkExamples({ rest, streams }) {
  walk(rest, 'openapi.yaml');
  walk(streams, 'asyncapi.yaml');
  console.log(`${checked} examples checked`);
}
