import type { APIGatewayProxyEvent } from 'aws-lambda';
import { MAX_BODY_BYTES } from '../../core/api/limits';
import { header } from './http';
import { Problem } from './problem';

/** Deeper than any input a person writes, far from what overflows a recursive schema. */
const MAX_DEPTH = 64;

/** Keys that reach a prototype when a document is merged into an object. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** The JSON document that a request carries. @throws Problem */
export function readJsonBody(event: APIGatewayProxyEvent): unknown {
  const type = header(event, 'content-type') ?? '';
  if (!/^application\/([\w.-]+\+)?json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) {
    throw new Problem('unsupported-media-type', 'send JSON with the header "content-type: application/json"');
  }
  const coding = header(event, 'content-encoding')?.trim() || 'identity';
  if (!/^identity$/i.test(coding)) {
    const detail = `send the body as it is, without a content encoding, got: ${JSON.stringify(coding.slice(0, 40))}`;
    throw new Problem('unsupported-media-type', detail, {}, { 'accept-encoding': 'identity' });
  }
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    throw new Problem('request-too-large', `the body has ${bytes.length} bytes, the limit is ${MAX_BODY_BYTES}`);
  }
  const document = parse(bytes);
  refuseDangerous(document);
  return document;
}

function parse(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('malformed-request', 'the body is not valid UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = /at position \d+|Unexpected end/.exec((error as Error).message)?.[0];
    throw new Problem('malformed-request', `the body is not valid JSON${where ? ` (${where})` : ''}`);
  }
}

/** Refuses what is valid JSON and no honest input. A loop with its own stack, since depth is what it guards against. @throws Problem */
export function refuseDangerous(document: unknown): void {
  const unchecked: [value: unknown, path: string, depth: number][] = [[document, '', 0]];
  for (let next = unchecked.pop(); next; next = unchecked.pop()) {
    const [value, path, depth] = next;
    if (!isContainer(value)) continue;
    if (depth === MAX_DEPTH) throw refused(path, `is nested deeper than ${MAX_DEPTH} levels`);
    for (const key of Object.keys(value)) {
      const child = value[key];
      const isForbidden = FORBIDDEN_KEYS.has(key);
      if (!isForbidden && !isContainer(child)) continue;
      const childPath = Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key;
      if (isForbidden) throw refused(childPath, 'is not allowed as a key');
      unchecked.push([child, childPath, depth + 1]);
    }
  }
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function refused(field: string, detail: string): Problem {
  return new Problem('malformed-request', `${field} ${detail}`, { errors: [{ field, detail }] });
}
