import type { HttpRequest } from './http-server';

/** The whole body, or nothing if it is too large; the rest is read and dropped, so that the caller hears the answer. */
export async function readBody(request: HttpRequest, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}
