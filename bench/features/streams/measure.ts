import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile } from '../../statistics.ts';
import type { ReadRun, StreamEngine } from './adapter.ts';

export interface StreamExtent {
  readonly parts: number;
  /** Runs of each kind that count. */
  readonly runs: number;
}

export interface StreamFigures {
  /** From the writing of a part to its reading, of parts a millisecond apart. */
  readonly delayP50Us: number;
  readonly delayP95Us: number;
  /** Of parts that are written as fast as they are taken. */
  readonly usPerPart: number;
  /** Of three nodes one after another, each with work of 10 ms on each of 50 parts. */
  readonly pipelineMs: number;
}

const WORK_MS = 10;
const PIPELINE_PARTS = 50;

export async function measureStreams(engine: StreamEngine, { parts, runs }: StreamExtent): Promise<StreamFigures> {
  const writtenAtMs: number[] = [];
  const write = (gapMs: number) =>
    async function* () {
      for (let i = 0; i < parts; i++) {
        if (gapMs > 0) await sleep(gapMs);
        writtenAtMs[i] = performance.now();
        yield `${i} `;
      }
    };

  const slow = engine.prepareStream(write(1));
  const fast = engine.prepareStream(write(0));
  await readAll(fast, parts);

  const delaysUs: number[] = [];
  await readAll(slow, parts, (i) => delaysUs.push((performance.now() - writtenAtMs[i]!) * 1_000));
  const fastMs: number[] = [];
  for (let i = 0; i < runs; i++) fastMs.push(await timed(() => readAll(fast, parts)));

  const pipeline = engine.preparePipeline(async function* () {
    for (let i = 0; i < PIPELINE_PARTS; i++) {
      await sleep(WORK_MS);
      yield `${i}`;
    }
  }, workedOn);
  const pipelinesMs: number[] = [];
  for (let i = 0; i < runs; i++) {
    pipelinesMs.push(
      await timed(async () => {
        const worked = await pipeline();
        if (worked.join() !== WORKED.join()) throw new Error(`the pipeline answered ${worked.join()}`);
      }),
    );
  }
  return {
    delayP50Us: median(delaysUs),
    delayP95Us: quantile(delaysUs, 0.95),
    usPerPart: (median(fastMs) * 1_000) / parts,
    pipelineMs: median(pipelinesMs),
  };
}

const WORKED = Array.from({ length: PIPELINE_PARTS }, (_, i) => `${i}++`);

async function workedOn(part: string): Promise<string> {
  await sleep(WORK_MS);
  return `${part}+`;
}

async function readAll(readRun: ReadRun, parts: number, take: (i: number) => void = () => {}): Promise<void> {
  let next = 0;
  await readRun((part) => {
    if (Number(part) !== next) throw new Error(`read ${part}, expected ${next}`);
    take(next++);
  });
  if (next !== parts) throw new Error(`read ${next} parts of ${parts}`);
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
