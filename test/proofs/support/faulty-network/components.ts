import { z } from 'zod';
import type { Bindings } from '../../../../core/graph/binding';
import type { BreakerOptions } from '../../../../core/graph/call-policies';
import type { ChatRequest } from '../../../../core/graph/chat';
import { type Component, model, tool } from '../../../../core/graph/component';
import { planFor, textFor } from './answers';
import { AWS_BACKENDS } from './aws-service';

/** Opens on what a storm does, and looks again soon: runs are short. */
const breaker: BreakerOptions = { minCalls: 16, failureRatio: 0.75, openMs: 40 };

const Query = z.object({ query: z.string() });

export const writer = model('writer', { concurrency: 24, hedge: { afterMs: 120, budget: 0.2 }, singleFlight: true });
export const teller = model('teller', { format: 'converse', breaker });
export const judge = model('judge', { hedge: { afterMs: 60, budget: 0.5 }, breaker });
export const planner = model('planner', { breaker });
export const ranker = model('ranker', {
  format: 'json',
  input: Query,
  output: z.object({ query: z.string(), score: z.number() }),
  concurrency: 8,
  hedge: { afterMs: 80, budget: 0.3 },
});
export const search = tool('search', {
  input: Query,
  output: z.object({ query: z.string(), passages: z.array(z.string()) }),
  concurrency: 16,
  singleFlight: true,
  breaker,
});

export const COMPONENTS: readonly Component[] = [writer, teller, judge, planner, ranker, search];

/** @param chatUrl of an OpenAI-compatible server */
export function bindingsTo(chatUrl: string): Bindings {
  const chat = { type: 'http', url: chatUrl, model: 'any' } as const;
  return {
    writer: {
      type: 'spillover',
      alternatives: [chat, AWS_BACKENDS.writer, AWS_BACKENDS.imported],
      when: { maxInFlight: 6 },
      breaker,
    },
    judge: { type: 'spillover', alternatives: [AWS_BACKENDS.writer, chat] },
    teller: AWS_BACKENDS.teller,
    planner: chat,
    ranker: AWS_BACKENDS.ranker,
    search: AWS_BACKENDS.search,
  };
}

const PLANNED = /^Plan for (run-\d+)\.$/;

/** What every chat model here says. */
export function answerTo({ messages }: ChatRequest): string {
  const asked = messages.at(-1)!.content;
  const label = PLANNED.exec(asked)?.[1];
  return label === undefined ? textFor(asked) : planFor(label);
}

export const planRequest = (label: string) => `Plan for ${label}.`;
