import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The text of a file in pieces, unpacked where it is gzip's: public traces come so. @throws Error if it is cut short */
export async function* textOf(path: string): AsyncGenerator<string> {
  const text = isGzip(path) ? unpacked(path) : createReadStream(path);
  text.setEncoding('utf8');
  try {
    for await (const piece of text) yield piece as string;
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
    throw new Error(`${path} is no whole gzip file, ${(error as Error).message}: fetch it again`, { cause: error });
  }
}

/** Whoever stops reading ends both streams. */
function unpacked(path: string): Readable {
  return pipeline(createReadStream(path), createGunzip(), () => {});
}

/** By how it begins (RFC 1952), whatever its name. */
function isGzip(path: string): boolean {
  const start = Buffer.alloc(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  return start[0] === 0x1f && start[1] === 0x8b;
}
