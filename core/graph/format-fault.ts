import type { BackendBinding } from './binding';
import type { WireFormat } from './component';

const JSON_TYPE = /^application\/([\w.-]+\+)?json\b/i;

/** Why a kind of backend cannot speak a component's wire format; undefined if it can. */
export function formatFault(format: WireFormat, type: BackendBinding['type']): string | undefined {
  if (format === 'converse' && type !== 'bedrock') {
    const remedy = `bind it to Bedrock, or declare the format that the ${type} backend speaks`;
    return `has the format converse, which only Bedrock speaks; ${remedy}`;
  }
  if (type === 'lambda' && typeof format === 'object' && !JSON_TYPE.test(format.contentType ?? 'application/json')) {
    return `has a format of ${JSON.stringify(format.contentType)}, and Lambda functions take JSON only; encode it as JSON`;
  }
  return undefined;
}
