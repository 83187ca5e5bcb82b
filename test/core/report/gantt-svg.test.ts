import fc from 'fast-check';
import { ganttSvg } from '../../../core/report/gantt-svg';
import { runRows } from '../../../core/report/run-rows';
import type { RunRecord } from '../../../core/run';
import { callOf, nodeOf, recordOf } from '../../lambda/telemetry/record';

const draw = (record: RunRecord, callsLeftOut?: Readonly<Record<string, number>>) =>
  ganttSvg({ runId: 'run-1', record, ...(callsLeftOut && { callsLeftOut }) });

/** The opening and closing tags of a document are in pairs. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, slash, name, rest] of svg.matchAll(/<(\/?)([a-z]+)((?:[^<>"]|"[^"<]*")*)>/g)) {
    if (slash) expect(open.pop()).toBe(name);
    else if (!rest!.endsWith('/')) open.push(name!);
  }
  expect(open).toEqual([]);
  expect(svg.replaceAll(/<\/?[a-z]+(?:[^<>"]|"[^"<]*")*>/g, '')).not.toMatch(/[<>]/);
}

const rowsOf = (record: RunRecord) => runRows({ record });

test('a call is drawn as its wait for a copy, its other waits, and its work', () => {
  const calls = [callOf({ startMs: 10, endMs: 110, waitMs: 60, coldMs: 40, attempts: 3 })];
  const [row] = rowsOf(recordOf({ nodes: { plan: nodeOf({ calls }) } }));
  expect(row).toMatchObject({
    name: 'plan',
    isCritical: true,
    spans: [
      { kind: 'cold', fromMs: 10, toMs: 50 },
      { kind: 'wait', fromMs: 50, toMs: 70 },
      { kind: 'service', fromMs: 70, toMs: 110 },
    ],
    notes: ['3 tries', 'cold 40 ms'],
  });
});

test('what happened besides is told: hedges, spills, answers used again, tokens, cost', () => {
  const calls = [
    callOf({
      hedges: 1,
      alternative: 1,
      spills: [{ alternative: 0, why: 'throttled' }],
      usage: { inputTokens: 5, outputTokens: 7 },
      costUsd: 0.00012,
    }),
  ];
  const [row] = rowsOf(recordOf({ nodes: { plan: nodeOf({ calls }) } }));
  expect(row!.notes).toEqual(['1 hedge', 'backend 1 (0 throttled)', '5 → 7 tokens', '$0.00012']);
});

test('the time of copies is told of the run and of each call, where it is known', () => {
  const record = recordOf({ nodes: { plan: nodeOf({ calls: [callOf({ copySeconds: 0.41 })] }) }, copySeconds: 1.25 });
  expect(rowsOf(record)[0]!.notes).toEqual(['copy time 410 ms']);
  expect(draw(record)).toContain('copy time 1.25 s');
  expect(draw(recordOf())).not.toContain('copy time');
});

test('a function that reads is drawn as waiting until what it reads has ended', () => {
  const nodes = {
    draft: nodeOf({ endMs: 90 }),
    sentences: nodeOf({ startMs: 2, endMs: 100, calls: [], reads: ['draft'] }),
    early: nodeOf({ startMs: 2, endMs: 50, calls: [], reads: ['draft'] }),
  };
  const [, sentences, early] = rowsOf(recordOf({ nodes }));
  expect(sentences).toMatchObject({
    spans: [
      { kind: 'wait', fromMs: 2, toMs: 90 },
      { kind: 'service', fromMs: 90, toMs: 100 },
    ],
    notes: ['reads draft'],
  });
  expect(early!.spans).toEqual([{ kind: 'wait', fromMs: 2, toMs: 50 }]);
});

test('of many items the longest and the failed have rows, and the others share one', () => {
  const calls = Array.from({ length: 100 }, (_, i) => callOf({ endMs: i + 1 }));
  calls[3] = callOf({ endMs: 4, error: { at: 'facts[3]', kind: 'failed', message: 'x' } });
  const rows = rowsOf(recordOf({ nodes: { facts: nodeOf({ calls }) } }));
  expect(rows.map(({ name }) => name)).toEqual(['facts', '[3]', '[95]', '[96]', '[97]', '[98]', '[99]', '94 more']);
  expect(rows[0]!.notes).toEqual(['100 calls', '1 failed']);
});

test('a branch that was decided without says by what, and one that never started has no bar', () => {
  const nodes = {
    slow: nodeOf({ status: 'lost', lostTo: 'first', calls: [callOf()] }),
    never: nodeOf({ status: 'stopped', startMs: 0, endMs: 0, calls: [] }),
  };
  const [slow, never] = rowsOf(recordOf({ nodes, criticalPath: [] }));
  expect(slow!.notes[0]).toBe('decided without it by first');
  expect(never).toMatchObject({ spans: [], notes: ['stopped'] });
});

test('the picture is a document of its own, for eyes and for screen readers, without scripts', () => {
  const nodes = {
    plan: nodeOf(),
    answer: nodeOf({ startMs: 100, endMs: 250, calls: [callOf({ startMs: 100, endMs: 250 })] }),
  };
  const svg = draw(recordOf({ nodes }));
  expectWellFormed(svg);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 900 \d+"/);
  expect(svg).toContain('<title id="title">support, run run-1</title>');
  expect(svg).toContain('The critical path, 250 ms, is plan, then answer.');
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).not.toMatch(/<script|\son\w+=|href/);
});

test.each([['a<b>&"c"'], ['</svg><script>'], ['\u0000\ud800'], ['\ufffe\uffff\udc00']])(
  'the name %j is text and nothing else',
  (name) => {
    const svg = draw(recordOf({ graph: name, nodes: { [name]: nodeOf() } }));
    expectWellFormed(svg);
    expect(svg).not.toContain('<script>');
    // The characters of https://www.w3.org/TR/xml/#charsets.
    expect(svg).toMatch(/^[\t\n\r\x20-\u{d7ff}\u{e000}-\ufffd\u{10000}-\u{10ffff}]*$/u);
  },
);

test('any record can be drawn', () => {
  const ms = fc.double({ min: 0, max: 1e7, noNaN: true });
  const call = fc.record({ startMs: ms, endMs: ms, waitMs: ms, coldMs: ms }).map((times) => callOf(times));
  const node = fc
    .record({ startMs: ms, endMs: ms, calls: fc.array(call, { maxLength: 12 }) })
    .map((fields) => nodeOf(fields));
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), node, { maxKeys: 6 }), ms, (nodes, wallMs) => {
      const svg = draw(recordOf({ nodes, wallMs }));
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(svg).not.toMatch(/width="-/);
    }),
    { numRuns: 50 },
  );
});
