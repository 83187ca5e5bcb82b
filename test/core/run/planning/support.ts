import { type Component, graph, model, type PlanOptions, type Schema, tool } from 'cdk-compound-inference/graph';
import { CallError, type RunOptions } from 'cdk-compound-inference/run';
import { z } from 'zod';
import { type Outcome, type Reply, World } from '../support/world';

export const planner = model('planner');
const any = { input: z.any(), output: z.any() };

export const search = tool('search', {
  input: z.object({ query: z.string() }),
  output: z.object({ passages: z.array(z.string()) }),
});
export const calc = tool('calc', any);

/** How long each tool takes. */
export const TOOL_MS = 100;

export interface Planning {
  /** What the planner answers, round by round: a plan as data, or a text. */
  readonly plans: readonly unknown[];
  /** How the planner takes a try, counted from 1; as `plans` says if left out. */
  readonly tries?: (round: number) => Reply | undefined;
  readonly options?: PlanOptions & { readonly output?: Schema; readonly tools?: readonly Component[] };
  /** How a tool takes a try; it answers after a while with what it was given if left out. */
  readonly reply?: (tool: string, input: any) => Reply | undefined;
  /** Characters of a part of the planner's text, of which each takes 1 ms; it comes whole if left out. */
  readonly partCharacters?: number;
  readonly run?: RunOptions;
}

export const write = (plan: unknown) => (typeof plan === 'string' ? plan : JSON.stringify(plan));

/** When a text has been written up to its first occurrence of some characters, and with them. */
export const writtenMs = (text: string, end: string, partCharacters = 1) =>
  Math.ceil((text.indexOf(end) + end.length) / partCharacters);

/** A text that comes in parts, of which each takes 1 ms; it breaks off once so many characters have come. */
export function streamed(text: string, partCharacters: number, breaksAt = Infinity): Reply {
  const parts = [];
  for (let at = 0; at < Math.min(text.length, breaksAt); at += partCharacters) {
    parts.push({ afterMs: at / partCharacters + 1, text: text.slice(at, Math.min(at + partCharacters, breaksAt)) });
  }
  const reply = { parts, afterMs: parts.length + 1, costUsd: 1 };
  if (breaksAt < text.length) return { ...reply, error: new CallError('retryable', 'reset') };
  return { ...reply, output: { text, finishReason: 'stop' } };
}

export async function plan({ plans, tries, options = {}, reply, partCharacters, run }: Planning): Promise<{
  world: World;
  outcome: Outcome;
  requests: { role: string; content: string }[][];
}> {
  const requests: { role: string; content: string }[][] = [];
  const world = new World(({ component: { name }, input }): Reply => {
    if (name !== 'planner') return reply?.(name, input) ?? { afterMs: TOOL_MS, output: defaultAnswer(name, input) };
    requests.push((input as any).messages);
    const text = write(plans[Math.min(requests.length, plans.length) - 1]);
    const output = { text, finishReason: 'stop' };
    const whole = { afterMs: 10, output, costUsd: 1 };
    return tries?.(requests.length) ?? (partCharacters === undefined ? whole : streamed(text, partCharacters));
  });
  const agent = graph('agent', { input: z.any() })
    .plan('research', { call: planner, tools: [search, calc], input: () => 'why?', ...options } as any)
    .output(['research'], ({ research }) => research);
  return { world, outcome: await world.run(agent, {}, run), requests };
}

function defaultAnswer(name: string, input: any): unknown {
  return name === 'search' ? { passages: [`about ${input.query}`, 'more'] } : input;
}
