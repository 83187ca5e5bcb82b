import type { RequestList } from './request-list';

/**
 * Sixteen hexadecimal digits that are the same for the same requests, on every platform, and for others almost surely
 * differ. It hashes numbers, not bytes, so the order of bytes in memory does not matter.
 *
 * Source: two of the four lanes of MurmurHash3_x86_128, A. Appleby,
 * https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp.
 */
export function fingerprint(requests: RequestList): string {
  const { count, arrivalUs, promptTokens, outputTokens, clients, durationUs } = requests;
  const { add, digits } = hashOf(count);
  add(durationUs >>> 0, Math.floor(durationUs / 2 ** 32));
  for (let i = 0; i < count; i++) {
    add(arrivalUs[i]! >>> 0, Math.floor(arrivalUs[i]! / 2 ** 32));
    add(promptTokens[i]!, outputTokens[i]!);
  }
  for (let i = 0; clients && i < count; i++) add(clients.positions[i]!, 0);
  return digits();
}

/** The same of a text. */
export function textFingerprint(text: string): string {
  const { add, digits } = hashOf(text.length);
  for (let i = 0; i < text.length; i += 2) add(text.charCodeAt(i), text.charCodeAt(i + 1) | 0);
  return digits();
}

/** Takes 32 bits and 32 bits more at a time. */
function hashOf(count: number) {
  let a = count | 0;
  let b = ~count;
  return {
    add: (first: number, second: number) => {
      a ^= Math.imul(rotate(Math.imul(first, 0x239b961b), 15), 0xab0e9789);
      a = (Math.imul((rotate(a, 19) + b) | 0, 5) + 0x561ccd1b) | 0;
      b ^= Math.imul(rotate(Math.imul(second, 0xab0e9789), 16), 0x38b34ae5);
      b = (Math.imul((rotate(b, 17) + a) | 0, 5) + 0x0bcaa747) | 0;
    },
    digits: () => {
      const first = finish((a + b) | 0);
      return hex(first) + hex(finish((b + first) | 0));
    },
  };
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function finish(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
