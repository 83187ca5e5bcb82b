import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { graph, model, tool } from '../../core/graph/index.ts';
import { type Call, type CallResult, Engine } from '../../core/run/index.ts';
import { planning } from '../../core/run/planning/index.ts';
import { anything, clock } from '../engines/compound-agents.ts';
import { median, quantile } from '../statistics.ts';

export interface PlannerFigures {
  readonly tasks: number;
  /** From the last token of the first task until its call starts. */
  readonly firstP50Ms: number;
  readonly firstMaxMs: number;
  /** The same of every task. */
  readonly eachP95Ms: number;
  /** From the first call to the last token of the plan: what a run gains that does not wait for the whole. */
  readonly aheadOfPlanMs: number;
}

/** About a token, and a model that writes fast. */
const PART_CHARACTERS = 4;
const PART_GAP_MS = 1;

const search = tool('search', {
  input: z.object({ query: z.string() }),
  output: z.object({ passages: z.array(z.string()) }),
});

/** A planner whose text is read while it is written, and whose tasks need nothing but to be written. */
export async function measurePlanner(tasks: number, runs: number): Promise<PlannerFigures> {
  const plan = planOf(tasks);
  const agent = graph('bench', { input: anything })
    .plan('research', {
      call: model('planner'),
      tools: [search],
      input: () => 'What is there to know?',
      limits: { tasks, fanOut: tasks },
    })
    .output(({ research }) => Object.keys(research.results).length);

  const firstsMs: number[] = [];
  const eachMs: number[] = [];
  const aheadMs: number[] = [];
  // The first run compiles what the others run.
  for (let run = 0; run <= runs; run++) {
    const seen: Seen = { writtenAtMs: new Map(), calledAtMs: new Map(), planEndMs: 0 };
    const engine = new Engine({ caller: callerFor(plan, seen), clock, random: Math.random, planning: planning() });
    const { output } = await engine.run(agent, undefined);
    if (output !== tasks) throw new Error(`${output} tasks were done, expected: ${tasks}`);
    if (run === 0) continue;
    const delays = plan.ends.map(({ query }) => seen.calledAtMs.get(query)! - seen.writtenAtMs.get(query)!);
    firstsMs.push(delays[0]!);
    eachMs.push(...delays);
    aheadMs.push(seen.planEndMs - seen.calledAtMs.get(plan.ends[0]!.query)!);
  }
  return {
    tasks,
    firstP50Ms: median(firstsMs),
    firstMaxMs: Math.max(...firstsMs),
    eachP95Ms: quantile(eachMs, 0.95),
    aheadOfPlanMs: median(aheadMs),
  };
}

interface Plan {
  readonly text: string;
  /** How far the text goes when the task with a query is complete. */
  readonly ends: readonly { readonly query: string; readonly at: number }[];
}

/** What happens in one run, by query. */
interface Seen {
  readonly writtenAtMs: Map<string, number>;
  readonly calledAtMs: Map<string, number>;
  planEndMs: number;
}

function planOf(count: number): Plan {
  const tasks = Array.from({ length: count }, (_, i) => ({
    id: `t${i}`,
    tool: 'search',
    input: { query: `question ${i}.` },
  }));
  const text = JSON.stringify({ tasks, output: { $from: 't0.passages' } });
  const ends = tasks.map((task) => {
    const json = JSON.stringify(task);
    return { query: task.input.query, at: text.indexOf(json) + json.length };
  });
  return { text, ends };
}

function callerFor({ text, ends }: Plan, seen: Seen) {
  return async ({ component, input, onText }: Call): Promise<CallResult> => {
    if (component.name === 'search') {
      const { query } = input as { readonly query: string };
      seen.calledAtMs.set(query, performance.now());
      return { output: { passages: [`about ${query}`] } };
    }
    let task = 0;
    for (let at = 0; at < text.length; at += PART_CHARACTERS) {
      await sleep(PART_GAP_MS);
      const writtenMs = performance.now();
      while (task < ends.length && ends[task]!.at <= at + PART_CHARACTERS) {
        seen.writtenAtMs.set(ends[task++]!.query, writtenMs);
      }
      onText!(text.slice(at, at + PART_CHARACTERS));
    }
    seen.planEndMs = performance.now();
    return { output: { text, finishReason: 'stop' } };
  };
}
