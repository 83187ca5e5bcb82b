import type { AgentModel } from '../../../sim/agent/agent-model';
import { planAgent } from '../../../sim/agent/agent-plan';
import { AgentRuns, type RunObserver } from '../../../sim/agent/agent-runs';
import { RunLog } from '../../../sim/agent/run-log';
import type { Server } from '../../../sim/agent/servers';
import { Timeline } from '../../../sim/kernel/timeline';
import type { RequestListener } from '../../../sim/serving/sequence';
import type { RequestList } from '../../../sim/workload/request-list';

/** What a call met, and when. */
export interface Call {
  readonly component: string;
  readonly atUs: number;
  readonly key: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Answers a call, to be held up or refused; by default after what its key says, up to 200 ms. */
export type Answer = (call: Call, timeline: Timeline) => number | 'no-capacity' | 'throttled';

const byKey: Answer = ({ key }) => 1000 + Math.floor(key * 200_000);

export interface Options {
  readonly requests?: RequestList;
  readonly isSequential?: boolean;
  readonly seed?: number;
  readonly answer?: Answer;
  /** @default Infinity */
  readonly warmCopies?: number;
  /** @default Infinity */
  readonly answerLimitUs?: number;
  readonly observer?: (timeline: Timeline) => RunObserver;
}

/** Requests so many microseconds apart, each with tokens of its own. */
export function requestsEvery(us: number, count: number): RequestList {
  return {
    count,
    arrivalUs: Float64Array.from({ length: count }, (_, at) => at * us),
    promptTokens: Uint32Array.from({ length: count }, (_, at) => 100 + at),
    outputTokens: Uint32Array.from({ length: count }, (_, at) => 10 + at),
    durationUs: count * us,
  };
}

/** Lives all runs of an agent through, on servers that have no limits. */
export function runAgent(agent: AgentModel, options: Options = {}) {
  const {
    requests = requestsEvery(50_000, 20),
    isSequential = false,
    seed = 1,
    answer = byKey,
    warmCopies = Infinity,
    answerLimitUs = Infinity,
  } = options;
  const timeline = new Timeline();
  const components = [...new Set(agent.nodes.flatMap(({ component }) => component ?? []))];
  const plan = planAgent(agent, components, { isSequential });
  const log = new RunLog(requests.count);
  const tries: Call[] = [];
  const load = { open: 0, peak: 0, cancelled: 0 };

  const serve = (listener: RequestListener, durationUs: number) => {
    let isOpen = true;
    load.peak = Math.max(load.peak, ++load.open);
    const end = () => {
      isOpen = false;
      load.open--;
    };
    const act = () => {
      if (!isOpen) return;
      end();
      listener.onDone(timeline.nowUs, 0);
    };
    if (durationUs < Infinity) timeline.at(timeline.nowUs + durationUs, { act });
    const cancel = () => {
      end();
      load.cancelled++;
    };
    return { cancel };
  };
  const servers = components.map(
    (component): Server => ({
      warmCopies,
      answerLimitUs,
      submit: ({ promptTokens, outputTokens }, listener, key) => {
        const call = { component, atUs: timeline.nowUs, key, promptTokens, outputTokens };
        tries.push(call);
        const answered = answer(call, timeline);
        return typeof answered === 'number' ? serve(listener, answered) : answered;
      },
    }),
  );
  const observer = options.observer?.(timeline) ?? {};
  const runs = new AgentRuns({ timeline, plan, requests, servers, seed, log, observer });
  while (runs.isOpen) timeline.advanceTo(timeline.nextAtUs);
  return { plan, log, tries, load, requests, timeline };
}
