import type { ChatInput, ChatRequest, Component, Graph } from 'cdk-compound-inference/graph';
import { type Call, type CallResult, Engine, type RunOptions, type RunResult } from 'cdk-compound-inference/run';
import { planning } from 'cdk-compound-inference/run/planning';

/** What answers in place of the deployed components: a function of the prompt for a model, the handler for a tool. */
export interface StandIns {
  readonly brains: Readonly<Record<string, (request: ChatRequest) => string>>;
  readonly handlers: Readonly<Record<string, (event: unknown) => Promise<unknown>>>;
}

/** Runs a graph in this process. What goes in and out of a component is serialized, as on the wire. */
export function runInProcess<Request, Answer>(
  graph: Graph<Request, Answer>,
  request: Request,
  standIns: StandIns,
  options: RunOptions = {},
): Promise<RunResult<Answer>> {
  const engine = new Engine({
    caller: (call) => answerOf(call, standIns),
    clock: {
      now: () => performance.now(),
      setTimer: (wake, delayMs) => setTimeout(wake, delayMs),
      clearTimer: (timer: any) => clearTimeout(timer),
    },
    random: () => 0.5,
    planning: planning(),
  });
  return engine.run(graph, request, options);
}

async function answerOf(
  { component, input }: Call & { readonly input: any },
  { brains, handlers }: StandIns,
): Promise<CallResult> {
  const brain = brains[component.name];
  if (brain) return { output: { text: brain(onWire(toRequest(input))), finishReason: 'stop' } };
  return { output: onWire(await handlerOf(component, handlers)(onWire(input))) };
}

function handlerOf({ name }: Component, handlers: StandIns['handlers']): (event: unknown) => Promise<unknown> {
  const handler = handlers[name];
  if (!handler) throw new Error(`nothing stands in for component "${name}"`);
  return handler;
}

const toRequest = (input: ChatInput): ChatRequest =>
  typeof input === 'string' ? { messages: [{ role: 'user', content: input }] } : input;

function onWire<T>(value: T): T {
  const copy: T = JSON.parse(JSON.stringify(value));
  return copy;
}
