import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { graph } from '../../../../core/graph/builder';
import type { Graph } from '../../../../core/graph/graph';
import { streamOf } from '../../../../core/graph/stream';
import { foundFor, plannedOutput, rankedFor, textFor } from './answers';
import { judge, planner, planRequest, ranker, search, teller, writer } from './components';

/** A graph whose every answer can be told to be right. */
export interface Agent {
  readonly graph: Graph<{ label: string }>;
  isRight(label: string, output: unknown): boolean;
  /** The text of each node that streams to the caller. */
  textOf(label: string, node: string): string;
  /** Nodes of which the caller has heard all if this is the output. */
  toldWith(output: unknown): readonly string[];
}

const begin = (name: string) =>
  graph(name, {
    input: z.object({ label: z.string() }),
    retry: { attempts: 5, baseMs: 4, capMs: 60 },
    timeout: { firstChunkMs: 300, idleMs: 150 },
  });

const QUERIES = ['a', 'b', 'c', 'a', 'd', 'e', 'f', 'a'];

const silent = { textOf: () => '', toldWith: () => [] };

/** Maps over both kinds of AWS calls that are not streamed, with equal calls that share one answer. */
const fanOut: Agent = {
  graph: begin('fan-out')
    .map('found', {
      over: ({ input }) => QUERIES.map((query) => `${input.label} ${query}`),
      call: search,
      input: (query) => ({ query }),
    })
    .map('ranked', ['found'], {
      over: ({ found }) => found.flatMap(({ passages }, at) => (at < 4 ? passages : [])),
      call: ranker,
      input: (passage, { input }, at) => ({ query: `${input.label} ${at} ${passage}` }),
      concurrency: 4,
      optional: true,
    })
    .output(['found', 'ranked'], ({ found, ranked }) => ({ found, ranked })),
  isRight(label, output) {
    const found = QUERIES.map((query) => foundFor(`${label} ${query}`));
    const passages = found.slice(0, 4).flatMap((each) => each.passages);
    const { ranked, ...rest } = output as { readonly ranked: readonly unknown[] };
    return (
      isDeepStrictEqual(rest, { found }) &&
      ranked.length === passages.length &&
      // One that failed for good is missing, never wrong; over HTTP it is null.
      ranked.every((each, at) => each == null || isDeepStrictEqual(each, rankedFor(`${label} ${at} ${passages[at]}`)))
    );
  },
  ...silent,
};

/** A text that another node reads while it is written, and a second one that goes to the caller. */
const story: Agent = {
  graph: begin('story')
    .node('draft', { call: writer, input: ({ input }) => `${input.label} draft`, stream: true })
    .compute('sentences', [streamOf('draft')], ({ draft }) => sentencesOf(draft), { stream: true })
    .map('checked', [streamOf('sentences')], {
      over: ({ sentences }) => sentences,
      call: search,
      input: (sentence, { input }) => ({ query: `${input.label} ${sentence}` }),
    })
    .node('told', { call: teller, input: ({ input }) => `${input.label} told`, stream: true, optional: true })
    .output(['draft', 'checked', 'told'], ({ draft, checked, told }) => ({
      draft: draft.text,
      checked,
      told: told?.text,
    })),
  isRight(label, output) {
    const draft = textFor(`${label} draft`);
    const { told, ...rest } = output as { readonly told?: string };
    const checked = draft.split(/(?<=\.)/).map((sentence) => foundFor(`${label} ${sentence}`));
    return (told === undefined || told === textFor(`${label} told`)) && isDeepStrictEqual(rest, { draft, checked });
  },
  textOf: (label, node) => textFor(`${label} ${node}`),
  toldWith: (output) => ((output as { readonly told?: string }).told === undefined ? [] : ['told']),
};

async function* sentencesOf(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const part of parts) {
    const ended = (rest + part).split(/(?<=\.)/);
    rest = ended.at(-1)!.endsWith('.') ? '' : ended.pop()!;
    yield* ended.filter((sentence) => sentence !== '');
  }
  if (rest !== '') yield rest;
}

/** A text for the caller only, from whichever of three backends takes the call. */
const chat: Agent = {
  graph: begin('chat')
    .node('answer', { call: writer, input: ({ input }) => `${input.label} answer`, stream: true })
    .output(({ answer }) => answer.text),
  isRight: (label, output) => output === textFor(`${label} answer`),
  textOf: (label, node) => textFor(`${label} ${node}`),
  toldWith: () => ['answer'],
};

const planned: Agent = {
  graph: begin('planned')
    .plan('research', { call: planner, tools: [search, ranker], input: ({ input }) => planRequest(input.label) })
    .output(['research'], ({ research }) => research.output),
  isRight: (label, output) => isDeepStrictEqual(output, plannedOutput(label)),
  ...silent,
};

const JUDGES = ['one', 'two', 'three'] as const;

/** Two of three, and the third is told to stop; one of them will do if that takes long. */
const joined: Agent = {
  graph: begin('joined')
    .node('one', { call: judge, input: ({ input }) => `${input.label} one` })
    .node('two', { call: writer, input: ({ input }) => `${input.label} two` })
    .node('three', { call: teller, input: ({ input }) => `${input.label} three` })
    .compute(
      'verdict',
      { atLeast: 2, of: ['one', 'two', 'three'], late: { afterMs: 300, atLeast: 1 } },
      ({ one, two, three }) => ({ one: one?.text, two: two?.text, three: three?.text }),
    )
    .output(['verdict'], ({ verdict }) => verdict),
  isRight(label, output) {
    const verdict = output as Readonly<Record<string, string | undefined>>;
    const said = JUDGES.filter((each) => verdict[each] !== undefined);
    return said.length >= 1 && said.every((each) => verdict[each] === textFor(`${label} ${each}`));
  },
  ...silent,
};

export const AGENTS: readonly Agent[] = [fanOut, story, chat, planned, joined];
