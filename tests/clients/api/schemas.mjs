// Checks of values against the schemas of the documents, the order of fields included.
import { Ajv2020, addFormats } from './modules.mjs';

// `strict: false`: the documents' own words beside those of JSON Schema.
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addFormat('password', true);
const compiled = new WeakMap();

function validatorOf(schema) {
  if (!compiled.has(schema)) compiled.set(schema, ajv.compile(schema));
  return compiled.get(schema);
}

/** Sentences on what is wrong with the value; none where it is right. Schemas have no `$ref`. */
export function errorsOf(schema, value) {
  const valid = validatorOf(schema);
  if (valid(value)) return orderErrors(schema, value, '');
  return valid.errors.map(({ instancePath, message, params }) => {
    const field = params.additionalProperty ? ` (${params.additionalProperty})` : '';
    return `${instancePath || 'the value'} ${message}${field}`;
  });
}

export function isValid(schema, value) {
  return errorsOf(schema, value).length === 0;
}

/** Fields come as they are listed, which JSON Schema cannot say. */
function orderErrors(schema, value, at) {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) {
    return schema.items
      ? value.flatMap((item, i) => orderErrors(schema.items, item, `${at}/${i}`))
      : [];
  }
  const chosen = (schema.oneOf ?? schema.anyOf ?? []).filter((one) => validatorOf(one)(value));
  const errors = chosen.flatMap((one) => orderErrors(one, value, at));
  if (!schema.properties) return errors;
  const listed = Object.keys(schema.properties).filter((name) => name in value);
  const served = Object.keys(value).filter((name) => name in schema.properties);
  if (listed.join() !== served.join()) {
    errors.push(`${at || 'the value'} has its fields in the order ${served.join(', ')}`);
  }
  for (const name of listed) {
    errors.push(...orderErrors(schema.properties[name], value[name], `${at}/${name}`));
  }
  return errors;
}
