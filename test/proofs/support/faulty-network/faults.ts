import type { RandomStream } from '../../../../sim/kernel/random';
import { halfClose, longLength, resetEarly, resetMidway, shortLength, stall } from './breakage';
import type { Exchange } from './exchange';
import { brokenAndOpen, brokenBody, noHttp, page, wrongType } from './garbage';
import { serverError, tooMany, unavailable } from './refusals';
import { drip, hang, latency, none } from './slowness';

/** What befalls a request. */
export type Fault = (exchange: Exchange, random: RandomStream) => Promise<void>;

export const FAULTS = {
  none,
  latency,
  hang,
  stall,
  'slow drip': drip,
  'reset before the answer': resetEarly,
  'reset midway': resetMidway,
  'half-close midway': halfClose,
  'content-length too short': shortLength,
  'content-length too long': longLength,
  'no HTTP': noHttp,
  'broken body': brokenBody,
  'broken body without end': brokenAndOpen,
  'page of a machine in between': page,
  'wrong content-type': wrongType,
  'HTTP 429': tooMany,
  'HTTP 500': serverError,
  'HTTP 503': unavailable,
} satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;
