import { crc32 } from 'node:zlib';

/** Total length, length of the headers, and a checksum of both. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/** Of a header whose value is a text. */
const STRING_TYPE = 7;

/** An event of a streamed answer: the name of its member, and that member as a document, or the bytes that it is. */
export function eventMessage(type: string, payload: object): Buffer {
  const isBytes = payload instanceof Uint8Array;
  return encodeMessage(
    {
      ':event-type': type,
      ':content-type': isBytes ? 'application/octet-stream' : 'application/json',
      ':message-type': 'event',
    },
    isBytes ? payload : Buffer.from(JSON.stringify(payload)),
  );
}

/** An error after the answer has begun. */
export function exceptionMessage(type: string, members: object): Buffer {
  return encodeMessage(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    Buffer.from(JSON.stringify(members)),
  );
}

/** @see https://smithy.io/2.0/aws/amazon-eventstream.html */
function encodeMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const encoded = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const bytes = PRELUDE_BYTES + encoded.length + payload.length + CHECKSUM_BYTES;
  const prelude = Buffer.concat([uint32(bytes), uint32(encoded.length)]);
  const message = Buffer.concat([prelude, uint32(crc32(prelude)), encoded, payload]);
  return Buffer.concat([message, uint32(crc32(message))]);
}

function encodeHeader(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([STRING_TYPE]), length, text]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
