// In a process of its own: many streams at once, round after round, and what the gateway's process takes meanwhile.
// Arguments: URL of the gateway, URL of its usage, streams, pace, rounds. Sends `LoadRound[]`.
import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from '../../child.ts';
import { askAgent } from './ask-agent.ts';
import type { CpuTime, Usage } from './gateway.ts';
import { paceIn, token } from './pace.ts';

export interface LoadRound {
  readonly seconds: number;
  readonly tokens: number;
  /** While tokens flow. */
  readonly samples: readonly Sample[];
  /** Once every stream has ended. */
  readonly end: Usage;
  /** Of the gateway's process, over the round. */
  readonly cpu: CpuTime;
}

interface Sample extends Usage {
  /** Read so far in the round. */
  readonly tokens: number;
}

const SAMPLE_EVERY_MS = 500;
/** Long enough for what is left of a run after its answer. */
const SETTLED_MS = 500;

const [gateway, usageUrl, streamsWord, paceWord, rounds] = process.argv.slice(2);
const streams = Number(streamsWord);
const pace = paceIn(paceWord!);

async function usage(): Promise<Usage> {
  return (await (await fetch(usageUrl!)).json()) as Usage;
}

async function readStream(asked: string, count: (tokens: number) => void): Promise<void> {
  let read = 0;
  let rest = '';
  for await (const part of askAgent(gateway!, 'load', asked)) {
    rest += part;
    const before = read;
    for (let next = token(asked, read); rest.startsWith(next); next = token(asked, ++read))
      rest = rest.slice(next.length);
    if (rest !== '') throw new Error(`stream ${asked} said "${rest}" where "${token(asked, read)}" was to come`);
    count(read - before);
  }
  if (read !== pace.tokens) throw new Error(`stream ${asked} ended after ${read} tokens of ${pace.tokens}`);
}

async function loadRound(round: number): Promise<LoadRound> {
  const begin = await usage();
  const beginMs = performance.now();
  let tokens = 0;
  let isOver = false;
  const asking = Promise.all(
    Array.from({ length: streams }, (_, i) =>
      readStream(`${round}x${i}`, (more) => {
        tokens += more;
      }),
    ),
  ).finally(() => {
    isOver = true;
  });
  const samples: Sample[] = [];
  for (;;) {
    await Promise.race([sleep(SAMPLE_EVERY_MS), asking]);
    if (isOver) break;
    const readBefore = tokens;
    const sample = await usage();
    samples.push({ ...sample, tokens: (readBefore + tokens) / 2 });
  }
  const seconds = (performance.now() - beginMs) / 1_000;
  await sleep(SETTLED_MS);
  const end = await usage();
  const cpu = { userMs: end.cpu.userMs - begin.cpu.userMs, systemMs: end.cpu.systemMs - begin.cpu.systemMs };
  return { seconds, tokens, samples, end, cpu };
}

const found: LoadRound[] = [];
for (let round = 0; round < Number(rounds); round++) found.push(await loadRound(round));
answer(found);
