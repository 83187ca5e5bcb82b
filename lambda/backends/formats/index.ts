import type { BackendBinding } from '../../../core/graph/binding';
import type { CustomFormat, WireFormat } from '../../../core/graph/component';
import type { Codec } from './codec';
import { json } from './json';
import { openAiChat } from './openai-chat';

/** @param isStreamed whether the answer is to come in parts, where the format knows them */
export function codecOf(format: Exclude<WireFormat, 'converse'>, binding: BackendBinding, isStreamed: boolean): Codec {
  if (format === 'json') return json;
  if (format === 'openai-chat') {
    return openAiChat({ model: binding.type === 'http' ? binding.model : undefined, isStreamed });
  }
  return custom(format);
}

function custom(format: CustomFormat): Codec {
  return {
    contentType: format.contentType ?? 'application/json',
    encode: (input) => format.encode(input),
    decode: (body) => ({ output: format.decode(body) }),
  };
}
