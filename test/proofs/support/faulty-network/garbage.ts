import type { RandomStream } from '../../../../sim/kernel/random';
import { type Exchange, wholeOf } from './exchange';
import type { Fault } from './faults';
import { randomBytes } from './random-bytes';

/** Bytes that are no HTTP. */
export const noHttp: Fault = async (exchange, random) => {
  await exchange.writeRaw(randomBytes(random, 64));
  exchange.halfClose();
  await exchange.hang();
};

/** A body whose format is broken somewhere; a letter in place of another could not be told from a right answer. */
export const brokenBody: Fault = async (exchange, random) => {
  await passBroken(exchange, random);
  await exchange.end();
};

/** The same, of an answer that does not end: whoever sees that it is broken has to hang up. */
export const brokenAndOpen: Fault = async (exchange, random) => {
  await passBroken(exchange, random);
  await exchange.hang();
};

async function passBroken(exchange: Exchange, random: RandomStream): Promise<void> {
  const answer = await exchange.ask();
  const body = await wholeOf(answer);
  const isFrames = answer.headers['content-type'] === 'application/vnd.amazon.eventstream';
  const broken = isFrames ? withFlippedBit(body, random.uniform()) : withNul(body, random.uniform());
  const { 'content-length': _, ...headers } = answer.headers;
  exchange.head(answer.statusCode!, headers);
  await exchange.write(broken);
}

/** An answer in place of which a page of a machine in between comes, with HTTP 200. */
export const page: Fault = async (exchange) => {
  exchange.head(200, { 'content-type': 'text/html' });
  await exchange.write(Buffer.from('<!doctype html><title>Welcome</title><p>It works!'));
  await exchange.end();
};

/** The right body under a wrong name. */
export const wrongType: Fault = async (exchange) => {
  const answer = await exchange.ask();
  exchange.head(answer.statusCode!, { ...answer.headers, 'content-type': 'image/png' });
  for await (const part of answer) await exchange.write(part as Buffer);
  await exchange.end();
};

/** Frames carry checksums. */
function withFlippedBit(body: Buffer, where: number): Buffer {
  const broken = Buffer.from(body);
  const at = Math.floor(where * body.byteLength);
  if (at < body.byteLength) broken[at] = broken[at]! ^ 0x10;
  return broken;
}

/** Inside of a JSON document, where no NUL may be. Beside one, server-sent events would pass it over by their rules. */
function withNul(body: Buffer, where: number): Buffer {
  const openings = [...body.entries()].flatMap(([at, byte]) => (byte === 0x7b ? [at + 1] : []));
  const at = openings[Math.floor(where * openings.length)] ?? 0;
  return Buffer.concat([body.subarray(0, at), Buffer.from([0]), body.subarray(at)]);
}
