import type { APIGatewayProxyEvent } from 'aws-lambda';
import { isObject } from '../../../core/graph/field-faults';
import { header } from '../http';
import {
  HEADER_MISMATCH,
  INVALID_PARAMS,
  INVALID_REQUEST,
  RpcError,
  type RpcRequest,
  UNSUPPORTED_VERSION,
} from './message';

/** The revision in which each request says all about itself. @see https://modelcontextprotocol.io/specification/2026-07-28 */
export const SELF_CONTAINED = '2026-07-28';

/** Revisions that begin with `initialize`, the newest first. Between them nothing differs in what is served here. */
const WITH_HANDSHAKE = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;

const META = 'io.modelcontextprotocol';
export const SERVER_INFO_KEY = `${META}/serverInfo`;
const VERSION_KEY = `${META}/protocolVersion`;
const CAPABILITIES_KEY = `${META}/clientCapabilities`;

/** The revision that a client which begins with `initialize` is offered: its own if that is known. */
export function offeredRevision(asked: unknown): string {
  return WITH_HANDSHAKE.find((revision) => revision === asked) ?? WITH_HANDSHAKE[0];
}

/**
 * Whether a request is of the revision whose requests say all about themselves.
 *
 * @throws RpcError for a revision that is not spoken here, and where header and body say two things
 */
export function isSelfContained(event: APIGatewayProxyEvent, request: RpcRequest): boolean {
  const named = header(event, 'mcp-protocol-version')?.trim();
  const meta = isObject(request.params._meta) ? request.params._meta : {};
  const claimed = meta[VERSION_KEY];
  if (claimed === undefined) {
    requireHandshakeRevision(named);
    return false;
  }
  if (claimed !== SELF_CONTAINED) throw unsupported(claimed);
  if (!isObject(meta[CAPABILITIES_KEY])) {
    throw new RpcError(INVALID_PARAMS, `params._meta must have ${CAPABILITIES_KEY}, an object`, 400);
  }
  requireHeader('MCP-Protocol-Version', named, claimed);
  requireHeader('Mcp-Method', header(event, 'mcp-method')?.trim(), request.method);
  if (request.method === 'tools/call') {
    requireHeader('Mcp-Name', header(event, 'mcp-name')?.trim(), request.params.name);
  }
  return true;
}

function requireHandshakeRevision(named: string | undefined): void {
  if (named === undefined || WITH_HANDSHAKE.some((revision) => revision === named)) return;
  if (named === SELF_CONTAINED) {
    throw new RpcError(INVALID_PARAMS, `params._meta must have ${VERSION_KEY}, as in the header`, 400);
  }
  const known = [SELF_CONTAINED, ...WITH_HANDSHAKE].join(', ');
  throw new RpcError(INVALID_REQUEST, `the header MCP-Protocol-Version must be one of ${known}`, 400);
}

function requireHeader(name: string, value: string | undefined, expected: unknown): void {
  if (value === expected) return;
  throw new RpcError(HEADER_MISMATCH, `the header ${name} must be what the body says`, 400);
}

function unsupported(requested: unknown): RpcError {
  const data = { supported: [SELF_CONTAINED], requested: String(requested).slice(0, 40) };
  return new RpcError(UNSUPPORTED_VERSION, 'this revision of the protocol is not spoken here', 400, data);
}
