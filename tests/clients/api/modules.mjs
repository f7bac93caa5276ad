// The modules that the checker uses, from the folder that the command line names first.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(resolve(process.argv[2], 'package.json'));

export const Ajv = require('ajv').default;
export const Ajv2020 = require('ajv/dist/2020').default;
export const addFormats = require('ajv-formats').default;
export const { parse } = require('yaml');
export const asyncapiSchema = require('@asyncapi/specs').schemas['3.0.0'];
export const WebSocket = require('ws');

const openapi = pathToFileURL(require.resolve('@seriousme/openapi-schema-validator'));
export const { Validator: OpenapiValidator } = await import(openapi.href);
