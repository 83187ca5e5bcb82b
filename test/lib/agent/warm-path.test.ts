import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type Graph, graph, type Join, model, streamOf, tool } from 'cdk-compound-inference/graph';
import * as z from 'zod';
import { Agent, HttpService } from '../../../lib';
import { faultsOf } from '../support/faults-of';

const anything = { input: z.looseObject({}), output: z.any() };
const nothing = { input: z.object({}) };
const SECONDS: Readonly<Record<string, number>> = { near: 1, mid: 4, far: 10, writer: 5 };

/** What the fault says of the path, or nothing if runs may take two seconds. */
function pathBeyond2s(agentGraph: Graph): string | undefined {
  const faults = faultsOf(() => {
    const stack = new Stack(new App(), 'Test');
    const names = agentGraph.components().map(({ name }) => name);
    const service = new HttpService({ url: 'https://service.example.com' });
    new Agent(stack, 'Agent', {
      graph: agentGraph,
      code: Code.fromInline('exports.handler = async () => ({});'),
      components: Object.fromEntries(names.map((name) => [name, service])) as never,
      objective: {
        p95: Duration.seconds(2),
        warmLatencies: Object.fromEntries(names.map((name) => [name, Duration.seconds(SECONDS[name]!)])),
      },
    });
  });
  expect(faults.map(({ id }) => id)).toEqual(faults.map(() => 'agent/objective-unreachable'));
  return /the (\d+ ms that .*) takes/.exec(faults[0]?.message ?? '')?.[1];
}

const of = ['near', 'mid', 'far'] as const;
type Retriever = (typeof of)[number];

const joined = (join: Join<Retriever>) =>
  graph('joined', nothing)
    .node('near', { call: tool('near', anything), input: () => ({}) })
    .node('mid', { call: tool('mid', anything), input: () => ({}) })
    .node('far', { call: tool('far', anything), input: () => ({}) })
    .compute('found', join, () => 1)
    .output(['found'], ({ found }) => found);

test.each<[string, Join<Retriever>, string | undefined]>([
  ['the first of three', { atLeast: 1, of }, undefined],
  ['two of three', { atLeast: 2, of }, '4000 ms that mid → found'],
  ['all of a join', { atLeast: 3, of }, '10000 ms that far → found'],
  ['one, or two others', { atLeast: 1, of: ['near', ['mid', 'far']] }, undefined],
  ['two, or another', { atLeast: 1, of: [['near', 'mid'], 'far'] }, '4000 ms that mid → found'],
  ['one, and one of two', { atLeast: 2, of: ['near', { atLeast: 1, of: ['mid', 'far'] }] }, '4000 ms that mid → found'],
  ['all, or one after a while', { atLeast: 3, of, late: { afterMs: 1_500, atLeast: 1 } }, undefined],
  ['all, or one after a long while', { atLeast: 3, of, late: { afterMs: 3_000, atLeast: 1 } }, '3000 ms that found'],
  ['all, or two after a while', { atLeast: 3, of, late: { afterMs: 1_500, atLeast: 2 } }, '4000 ms that mid → found'],
  ['all, or none after a while', { atLeast: 3, of, late: { afterMs: 1_500, atLeast: 0 } }, undefined],
])('a node waits for no more than its join asks for: %s', (_, join, path) => {
  expect(pathBeyond2s(joined(join))).toBe(path);
});

test.each([
  ['one that ends it in time', 1_000, undefined],
  ['one that does not', 3_000, '3000 ms that far'],
  ['one beyond what it takes', 20_000, '10000 ms that far'],
])('a node takes no longer than its limit: %s', (_, nodeMs, path) => {
  const limited = graph('limited', nothing)
    .node('far', { call: tool('far', anything), input: () => ({}), optional: true, timeout: { nodeMs } })
    .output(['far'], ({ far }) => far);
  expect(pathBeyond2s(limited)).toBe(path);
});

test('a node that has no limit of its own has that of the graph', () => {
  const limited = graph('limited', { ...nothing, timeout: { nodeMs: 1_000 } })
    .node('far', { call: tool('far', anything), input: () => ({}) })
    .output(['far'], ({ far }) => far);
  expect(pathBeyond2s(limited)).toBeUndefined();
});

test('a node that reads what another writes starts with it', () => {
  const narrator = graph('narrator', nothing)
    .node('text', { call: model('writer'), input: () => 'Tell a story', stream: true })
    .map('spoken', [streamOf('text')], {
      over: ({ text }) => text,
      call: tool('near', anything),
      input: () => ({}),
    })
    .output(['spoken'], ({ spoken }) => spoken);
  expect(pathBeyond2s(narrator)).toBeUndefined();
});
