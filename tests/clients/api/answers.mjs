// Whether an answer is as documented: status, content type, headers, body.
import { brief, complain } from './findings.mjs';
import { errorsOf } from './schemas.mjs';

// On every answer.
const common = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  server: 'spillway',
};
// Not on any answer that does not say so.
const notable = ['set-cookie', 'retry-after', 'allow', 'www-authenticate', 'location', 'upgrade'];

export function checkCommon(answer, title) {
  for (const [name, value] of Object.entries(common)) {
    if (answer.headers[name] !== value) complain(`${title}: ${name} is ${answer.headers[name]}`);
  }
}

function checkHeaders(answer, documented, title) {
  const named = new Map(Object.entries(documented).map(([name, it]) => [name.toLowerCase(), it]));
  for (const [name, { required, schema }] of named) {
    const value = [answer.headers[name]].flat().join(', ');
    if (!(name in answer.headers)) {
      if (required) complain(`${title}: the header ${name} is missing`);
      continue;
    }
    for (const error of errorsOf(schema, value)) complain(`${title}: ${name} "${value}": ${error}`);
  }
  for (const name of notable) {
    if (name in answer.headers && !named.has(name)) {
      complain(`${title}: the header ${name} is not documented`);
    }
  }
}

export function checkJson(schema, text, title) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return complain(`${title}: the body is no JSON: ${brief(text)}`);
  }
  for (const error of errorsOf(schema, value)) complain(`${title}: ${error} in ${brief(text)}`);
}

function checkBody(answer, content, title) {
  const type = answer.headers['content-type'];
  const documented = content?.[type];
  if (!documented) return complain(`${title}: the content type ${type} is not documented`);
  if (type === 'application/json') return checkJson(documented.schema, answer.body, title);
  if (documented.schema?.type === 'string') {
    return answer.body === '' ? complain(`${title}: the body is empty`) : undefined;
  }
  const lines = documented['x-line-schema'];
  if (!lines) return complain(`${title}: nothing says what ${type} holds`);
  if (answer.body === '') return undefined;
  if (!answer.body.endsWith('\n')) complain(`${title}: the last line has no end`);
  for (const line of answer.body.trimEnd().split('\n')) checkJson(lines, line, title);
}

/** `documented`: a Response Object. */
export function checkAnswer(answer, documented, title) {
  checkCommon(answer, title);
  checkHeaders(answer, documented.headers ?? {}, title);
  checkBody(answer, documented.content, title);
}
