import { between } from './draws';
import type { Fault } from './faults';

/** Passes the answer on as it is. */
export const none: Fault = async (exchange) => {
  const answer = await exchange.ask();
  exchange.head(answer.statusCode!, answer.headers);
  for await (const part of answer) await exchange.write(part as Buffer);
  await exchange.end();
};

export const latency: Fault = async (exchange, random) => {
  await exchange.wait(between(random, 5, 250));
  await none(exchange, random);
};

/** The request arrives, and no answer ever comes. */
export const hang: Fault = async (exchange) => exchange.hang();

/** A few bytes at a time, cut anywhere, even inside of a character or of the head of a frame. */
export const drip: Fault = async (exchange, random) => {
  const answer = await exchange.ask();
  exchange.head(answer.statusCode!, answer.headers);
  const bytesAtOnce = Math.floor(between(random, 3, 60));
  const pauseMs = between(random, 0, 8);
  for await (const part of answer) {
    for (let at = 0; at < part.length; at += bytesAtOnce) {
      await exchange.write(part.subarray(at, at + bytesAtOnce));
      await exchange.wait(pauseMs);
    }
  }
  await exchange.end();
};
