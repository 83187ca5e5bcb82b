import type { IncomingMessage } from 'node:http';
import type { RandomStream } from '../../../../sim/kernel/random';
import { between } from './draws';
import { type Exchange, wholeOf } from './exchange';
import type { Fault } from './faults';

export const resetEarly: Fault = async (exchange, random) => {
  await exchange.wait(between(random, 0, 20));
  exchange.reset();
};

export const resetMidway: Fault = async (exchange, random) => {
  await passFirst(exchange, random);
  exchange.reset();
};

/** The answer begins, and its end never comes. */
export const stall: Fault = async (exchange, random) => {
  await passFirst(exchange, random);
  await exchange.hang();
};

/** The service says that it has ended, in the middle of its answer. */
export const halfClose: Fault = async (exchange, random) => {
  await passFirst(exchange, random);
  exchange.halfClose();
  await exchange.hang();
};

/** Says that its answer is shorter than it is, and sends the rest all the same. */
export const shortLength: Fault = async (exchange, random) => {
  const answer = await exchange.ask();
  const body = await wholeOf(answer);
  const said = cutIn(random, body);
  exchange.head(answer.statusCode!, { ...answer.headers, 'content-length': String(said) });
  await exchange.write(body.subarray(0, said));
  await exchange.writeRaw(body.subarray(said));
  await exchange.end();
};

/** Says that its answer is longer than it is. */
export const longLength: Fault = async (exchange) => {
  const answer = await exchange.ask();
  const body = await wholeOf(answer);
  exchange.head(answer.statusCode!, { ...answer.headers, 'content-length': String(body.byteLength + 100) });
  await exchange.write(body);
  exchange.halfClose();
  await exchange.hang();
};

/** Passes a first part of the answer on, as it comes: less than all of it. */
async function passFirst(exchange: Exchange, random: RandomStream): Promise<void> {
  const answer: IncomingMessage = await exchange.ask();
  const body = await wholeOf(answer);
  exchange.head(answer.statusCode!, answer.headers);
  await exchange.write(body.subarray(0, cutIn(random, body)));
  await exchange.wait(between(random, 0, 10));
}

/** Somewhere before the last byte that counts: a JSON document is whole without a line end behind it. */
function cutIn(random: RandomStream, body: Buffer): number {
  return Math.floor(random.uniform() * Math.max(0, body.toString('latin1').trimEnd().length - 1));
}
