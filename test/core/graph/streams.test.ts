import { Graph, graph, model, streamOf, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import { faultsOf } from './support';

const writer = model('writer');
const search = tool('search', { input: z.string(), output: z.string() });
const start: any = graph('agent', { input: z.any() });
const text = { call: writer, input: () => 'hi', stream: true };
const drafted = start.node('draft', text);
const read = () => 0;

test.each<[string, () => Graph, string, string]>([
  [
    'a stream of a tool',
    () => start.node('draft', { ...text, call: search }).output(read),
    'draft.stream',
    'needs a chat model without an output schema: only a text can be passed on in parts',
  ],
  [
    'a stream of a model that answers with a value',
    () => start.node('draft', { ...text, call: model('m', { output: z.any() }) }).output(read),
    'draft.stream',
    'needs a chat model without an output schema: only a text can be passed on in parts',
  ],
  [
    'a stream that is no flag',
    () => start.node('draft', { ...text, stream: 'yes' }).output(read),
    'draft.stream',
    'must be true or false, got: "yes"',
  ],
  [
    'a stream of a plan',
    () => start.plan('draft', { call: writer, tools: [search], input: () => 'hi', stream: true }).output(read),
    'draft.stream',
    'is no option here (options: call, input, tools, output, limits, repairs, replans, retry, when, optional, default, timeout)',
  ],
  [
    'a map that streams to nobody',
    () => start.map('each', { over: () => [], call: search, input: String, stream: true }).output(read),
    'each.stream',
    'no node reads it: need streamOf("each"), or leave it out',
  ],
  [
    'reading one that does not stream',
    () =>
      start
        .node('draft', { ...text, stream: false })
        .compute('x', [streamOf('draft')], read)
        .output(read),
    'x.reads',
    '"draft" does not stream: give it `stream: true`',
  ],
  [
    'reading one that there is not',
    () => drafted.compute('x', [streamOf('dreft')], read).output(read),
    'x.needs[0]',
    'no node is named "dreft"',
  ],
  [
    'reading and needing the same',
    () => drafted.compute('x', [streamOf('draft'), 'draft'], read).output(read),
    'x.needs[1]',
    '"draft" is listed twice',
  ],
  [
    'a call that reads',
    () => drafted.node('x', [streamOf('draft')], { call: search, input: read }).output(read),
    'x.reads',
    'only a map or a function can read a stream',
  ],
])('%s is a fault', (_, define, path, message) => {
  expect(faultsOf(define)).toEqual([{ path, message }]);
});

test.each<[string, object, string]>([
  ['a list of what it does not need', { reads: ['third'] }, '"third" must also be a need'],
  ['something that is no list', { reads: 'draft' }, 'must be a list of node ids, got: "draft"'],
  [
    'a join',
    { join: { atLeast: 1, of: ['draft', 'other'] }, reads: ['draft'] },
    'a node with a join waits for its branches: it cannot read them as streams',
  ],
])('a definition by hand that reads %s is refused', (_, changes, message) => {
  const agent: Graph = drafted
    .node('other', text)
    .compute('x', [streamOf('draft'), 'other'], read)
    .output(['x'], read);
  const nodes = agent.definition.nodes.map((node) => (node.id === 'x' ? { ...node, ...changes } : node));
  expect(faultsOf(() => new Graph({ ...agent.definition, nodes }))).toEqual([{ path: 'x.reads', message }]);
});

describe('a graph with streams', () => {
  const agent: Graph = drafted
    .compute('sentences', [streamOf('draft')], read, { stream: true })
    .map('spoken', [streamOf('sentences')], { over: read, call: search, input: String, stream: true })
    .compute('sent', [streamOf('spoken'), 'draft'], read)
    .node('summary', ['draft'], text)
    .output(['sent', 'summary'], read);

  test('tells which nodes its callers can read: those that no node reads', () => {
    expect(agent.streams()).toEqual(['summary']);
    expect(drafted.output(read).streams()).toEqual(['draft']);
    expect(start.compute('one', [], read).output(read).streams()).toEqual([]);
  });

  test('describes who streams and who reads', () => {
    expect(agent.describe().nodes).toEqual([
      { id: 'draft', kind: 'call', needs: [], component: 'writer', stream: true },
      { id: 'sentences', kind: 'compute', needs: ['draft'], reads: ['draft'], stream: true },
      {
        id: 'spoken',
        kind: 'map',
        needs: ['sentences'],
        component: 'search',
        reads: ['sentences'],
        stream: true,
      },
      { id: 'sent', kind: 'compute', needs: ['spoken', 'draft'], reads: ['spoken'] },
      { id: 'summary', kind: 'call', needs: ['draft'], component: 'writer', stream: true },
    ]);
  });

  test('draws streams as thick edges', () => {
    const edges = agent.toMermaid().split('\n');
    expect(edges).toContain('  n0 ==> n1');
    expect(edges).toContain('  n0 --> n3');
  });
});
