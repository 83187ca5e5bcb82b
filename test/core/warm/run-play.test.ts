import fc from 'fast-check';
import {
  type ForecastInputs,
  NO_KNOWLEDGE,
  type NodeProgress,
  type OpenRequest,
  RunForecast,
  reachOfAny,
  reachProbabilities,
  type WarmGraph,
  type WarmKnowledge,
} from '../../../core/warm';
import { Expectations } from '../../../core/warm/expectations';
import { drawUniform, SCENARIOS } from '../../../core/warm/scenarios';

const NOW_MS = 1_000_000_000;

interface NodeShape {
  readonly needs: readonly number[];
  readonly fewest: number;
  readonly component: number;
  readonly conditional: boolean;
  readonly guard: number;
  readonly taken: readonly [number, number];
  readonly durationMs: number;
  readonly width: number;
  readonly progress: NodeProgress | undefined;
}

const shape: fc.Arbitrary<NodeShape> = fc.record({
  needs: fc.array(fc.nat(6), { maxLength: 3 }),
  fewest: fc.integer({ min: 1, max: 4 }),
  // The last of them is no component.
  component: fc.nat(3),
  conditional: fc.boolean(),
  guard: fc.nat(6),
  // Of 30 answers, so that a chance is as often exactly in the middle of a stratum as not.
  taken: fc.tuple(fc.nat(30), fc.nat(30)),
  durationMs: fc.constantFrom(5, 2_000, 30_000),
  width: fc.integer({ min: 1, max: 5 }),
  progress: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    fc.constant<NodeProgress>({ status: 'ended' }),
    fc.constant<NodeProgress>({ status: 'skipped' }),
    fc.constantFrom(0, 1_500, 60_000).map((agoMs): NodeProgress => ({ status: 'running', sinceMs: NOW_MS - agoMs })),
  ),
});

const play = fc.record({
  shapes: fc.array(shape, { minLength: 1, maxLength: 7, size: 'max' }),
  isBegun: fc.boolean(),
  sinceMs: fc.constantFrom(undefined, NOW_MS - 4_000, NOW_MS, NOW_MS + 1_000),
  readyInMs: fc.array(fc.constantFrom(undefined, -1_000, 0, 1, 20_000, 900_000), { minLength: 3, maxLength: 3 }),
  warmed: fc.option(fc.nat(2), { nil: undefined }),
});

type Play = typeof play extends fc.Arbitrary<infer T> ? T : never;

function graphOf(shapes: readonly NodeShape[]): WarmGraph {
  const nodes = shapes.map(({ needs, fewest, component, conditional, guard }, at) => ({
    id: `n${at}`,
    needs: at === 0 ? [] : [...new Set(needs.map((need) => need % at))],
    ...(fewest < 4 && { fewestNeeds: fewest }),
    ...(component < 3 && { component: `m${component}` }),
    conditional,
    ...(conditional && guard < at && shapes[guard]!.conditional && { guard }),
  }));
  return { name: 'played', nodes };
}

function knowledgeOf(shapes: readonly NodeShape[]): WarmKnowledge {
  const byNode = <T>(of: (shape: NodeShape) => T) =>
    Object.fromEntries(shapes.map((each, at) => [`played/n${at}`, of(each)]));
  return {
    ...NO_KNOWLEDGE,
    branches: byNode(({ taken: [afterTaken, afterSkipped] }) => ({
      afterTaken: { taken: afterTaken, skipped: 30 - afterTaken, atMs: NOW_MS },
      afterSkipped: { taken: afterSkipped, skipped: 30 - afterSkipped, atMs: NOW_MS },
    })),
    durations: byNode(({ durationMs }) => ({
      weight: 100,
      meanLogMs: Math.log(durationMs),
      squares: 30,
      atMs: NOW_MS,
    })),
    widths: byNode(({ width }) => ({ weight: 100, mean: width, atMs: NOW_MS })),
  };
}

function setUp({ shapes, isBegun, sinceMs, readyInMs, warmed }: Play) {
  const graph = graphOf(shapes);
  const coldStart = { meanLog: Math.log(40_000), sdLog: 0.4, reactionMs: 7_000, idlesMs: 0, staysMs: 0 };
  const expected = new Expectations(
    graph,
    knowledgeOf(shapes),
    () => false,
    () => coldStart,
    NOW_MS,
  );
  const inputs: ForecastInputs = { expected, readyInMs: (component) => readyInMs[Number(component.slice(1))] };
  const progress = shapes.map((each) => (isBegun ? undefined : each.progress));
  const named = progress.flatMap((each, at) => (each ? [[`n${at}`, each] as const] : []));
  const request: OpenRequest = {
    id: 'r1',
    graph: 'played',
    nodes: Object.fromEntries(named),
    ...(sinceMs !== undefined && { sinceMs }),
  };
  const beganInMs = named.length > 0 ? 0 : Math.min(0, (sinceMs ?? NOW_MS) - NOW_MS);
  const forecast = new RunForecast(graph, request, inputs, NOW_MS);
  if (warmed !== undefined) forecast.warm(`m${warmed}`);
  return { graph, expected, inputs, progress, beganInMs, forecast, warmed: `m${warmed}` };
}

/** What becomes of each node in one scenario, played from the first to the last. */
function playOne(
  { graph, expected, inputs, progress, beganInMs, warmed }: ReturnType<typeof setUp>,
  scenario: number,
): { readonly ran: boolean; readonly arrivalMs: number; readonly startMs: number }[] {
  const readyMs = new Map<string, number>();
  for (const { component } of graph.nodes) {
    if (component === undefined) continue;
    const { drawnMs, lateMs } = expected.coldStart(component);
    const inMs = inputs.readyInMs(component);
    if (inMs === undefined) readyMs.set(component, component === warmed ? drawnMs[scenario]! : Infinity);
    else readyMs.set(component, inMs <= 0 ? inMs : Math.max(0, inMs - lateMs + drawnMs[scenario]!));
  }
  const ran: boolean[] = [];
  const endsMs: number[] = [];
  return graph.nodes.map(({ needs, fewestNeeds, component, conditional, guard }, at) => {
    const status = progress[at]?.status;
    const { afterTaken, afterSkipped } = expected.chances;
    const chance = (guard === undefined || ran[guard] ? afterTaken : afterSkipped)[at]!;
    if (status !== undefined) ran[at] = status !== 'skipped';
    else ran[at] = !conditional || drawUniform(2 * at + 1)[scenario]! < chance;

    const isOver = status === 'ended' || status === 'skipped';
    const needsMs = needs.map((need) => endsMs[need]!).sort((a, b) => a - b);
    const metBy = needsMs[Math.min(fewestNeeds ?? needs.length, needs.length) - 1] ?? beganInMs;
    const arrivalMs = isOver ? beganInMs : metBy;
    let startMs = arrivalMs;
    if (component !== undefined) {
      const { drawnMs, reactionMs } = expected.coldStart(component);
      const isCalled = ran[at] && !isOver && inputs.readyInMs(component) === undefined;
      const byCallMs = isCalled ? Math.max(0, arrivalMs) + reactionMs + drawnMs[scenario]! : Infinity;
      readyMs.set(component, Math.min(readyMs.get(component)!, byCallMs));
      startMs = Math.max(arrivalMs, readyMs.get(component)!);
    }
    const isServed = component === undefined || (inputs.readyInMs(component) ?? 1) <= 0;
    const given = progress[at];
    const workedMs = given?.status === 'running' && isServed ? NOW_MS - given.sinceMs : 0;
    if (isOver) endsMs[at] = beganInMs;
    else if (ran[at]) endsMs[at] = startMs + Math.max(0, expected.durationsMs[at]![scenario]! - workedMs);
    else endsMs[at] = arrivalMs;
    return { ran: ran[at], arrivalMs, startMs };
  });
}

const scenarios = Array.from({ length: SCENARIOS }, (_, k) => k);
const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** Components of which all nodes are over are nobody's business any more. */
function isWanted(given: ReturnType<typeof setUp>, at: number): boolean {
  const { component } = given.graph.nodes[at]!;
  return component === undefined || given.forecast.components().includes(component);
}

test('a run gets to its nodes when playing each scenario through by itself says so', () => {
  fc.assert(
    fc.property(play, fc.nat(SCENARIOS - 1), (drawn, place) => {
      const given = setUp(drawn);
      const nodes = given.forecast.nodes((place + 0.5) / SCENARIOS);
      const played = scenarios.map((scenario) => playOne(given, scenario));
      given.graph.nodes.forEach(({ id }, at) => {
        const { arrivalMs, startMs } = nodes[id]!;
        expect(arrivalMs).toBeCloseTo(ascending(played.map((each) => each[at]!.arrivalMs))[place]!, 5);
        if (!isWanted(given, at)) return;
        const starts = ascending(played.map((each) => each[at]!.startMs));
        if (starts[place] === Infinity) expect(startMs).toBe(Infinity);
        else expect(startMs).toBeCloseTo(starts[place]!, 5);
      });
    }),
    { numRuns: 300 },
  );
});

test('a run wants a component when the first of its nodes that call it is reached, in the scenarios that reach one', () => {
  fc.assert(
    fc.property(play, (drawn) => {
      const given = setUp(drawn);
      const played = scenarios.map((scenario) => playOne(given, scenario));
      for (const component of given.forecast.components()) {
        const users = given.graph.nodes.flatMap((node, at) => {
          const status = given.progress[at]?.status;
          return node.component === component && status !== 'ended' && status !== 'skipped' ? [at] : [];
        });
        const firsts = (of: (each: { ran: boolean }) => boolean) =>
          played.flatMap((nodes) => {
            const arrivals = users.filter((at) => of(nodes[at]!)).map((at) => nodes[at]!.arrivalMs);
            return arrivals.length > 0 ? [NOW_MS + Math.min(...arrivals)] : [];
          });
        const reached = firsts(({ ran }) => ran);
        const arrivals = ascending(reached.length > 0 ? reached : firsts(() => true));
        const { arrivalsAtMs } = given.forecast.wish(component)!;
        expect(arrivalsAtMs).toHaveLength(arrivals.length);
        arrivals.forEach((atMs, k) => {
          expect(arrivalsAtMs[k]).toBeCloseTo(atMs, 4);
        });
      }
    }),
    { numRuns: 300 },
  );
});

test('how likely and how wide a wish is, is that of the node that is expected to make most calls', () => {
  fc.assert(
    fc.property(play, (drawn) => {
      const { graph, expected, progress, forecast } = setUp(drawn);
      const outcomes = progress.map((each) => each && each.status !== 'skipped');
      const reach = reachProbabilities(graph, expected.chances, outcomes);
      for (const component of forecast.components()) {
        const users = graph.nodes.flatMap((node, at) => {
          const status = progress[at]?.status;
          return node.component === component && status !== 'ended' && status !== 'skipped' ? [at] : [];
        });
        const { probability, width = 1, callMs } = forecast.wish(component)!;
        expect(probability).toBeCloseTo(reachOfAny(graph, expected.chances, outcomes, users), 9);
        const calls = users.map((at) => reach[at]! * expected.widths[at]!);
        expect(width).toBeCloseTo(Math.max(1, Math.max(...calls) / probability), 9);
        const widest = users[calls.indexOf(Math.max(...calls))]!;
        expect(callMs).toBe(expected.callsMs[widest]);
      }
    }),
    { numRuns: 300 },
  );
});

test('a wish for a single call says nothing of its width', () => {
  const graph: WarmGraph = {
    name: 'single',
    nodes: [{ id: 'write', needs: [], component: 'writer', conditional: false }],
  };
  const coldStart = { meanLog: 10, sdLog: 0.4, reactionMs: 0, idlesMs: 0, staysMs: 0 };
  const expected = new Expectations(
    graph,
    NO_KNOWLEDGE,
    () => false,
    () => coldStart,
    NOW_MS,
  );
  const request = { id: 'r1', graph: 'single', nodes: {} };
  const forecast = new RunForecast(graph, request, { expected, readyInMs: () => undefined }, NOW_MS);
  expect(forecast.wish('writer')).not.toHaveProperty('width');
  expect(forecast.components()).toEqual(['writer']);
  expect(forecast.reach('reader')).toBe(0);
});
