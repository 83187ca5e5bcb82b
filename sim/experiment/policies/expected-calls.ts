import type { CopyProfile, Work } from '../../serving/copy-profile';
import { playAlone } from '../play-alone';
import type { PolicyContext } from '../policy';

/** The calls to one model, in columns, as they come if nobody ever waits. */
export interface ModelCalls {
  readonly arrivalUs: number[];
  /** In a copy that holds its target concurrency. */
  readonly serviceSeconds: number[];
}

/** The calls that all requests of a run will make, from what is drawn for them: by component, empty for tools. */
export function expectedCalls(context: PolicyContext): ModelCalls[] {
  const { components } = context;
  const calls = components.map((): ModelCalls => ({ arrivalUs: [], serviceSeconds: [] }));
  const loaded = components.map((name) => loadedSeconds(name, context));
  playAlone(context, (component, callUs, work) => {
    calls[component]!.arrivalUs.push(callUs);
    calls[component]!.serviceSeconds.push(loaded[component]!(work));
  });
  return calls;
}

/** How long a call takes at the load that is held. */
function loadedSeconds(name: string, { world, worldModel }: PolicyContext): (work: Work) => number {
  const model = worldModel.components[name]!;
  if (model.kind === 'tool') return () => 0;
  const target = world.models.find((each) => each.name === name)?.autoscaler?.targetConcurrency ?? 1;
  const concurrency = Math.min(target, model.copy.maxSequences);
  return (work) => serviceSeconds(model.copy, work, concurrency);
}

/** Of a request among others like it: a step takes in as much prompt and holds as much context as each brings. */
function serviceSeconds(
  { stepSeconds }: CopyProfile,
  { promptTokens, outputTokens }: Work,
  concurrency: number,
): number {
  const { base, perPromptToken, perSequence, perContextToken } = stepSeconds;
  const context = promptTokens + outputTokens / 2;
  const own = perPromptToken * promptTokens + outputTokens * (perSequence + perContextToken * context);
  return base * outputTokens + concurrency * own;
}
