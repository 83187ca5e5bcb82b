import type { Engine } from '../../../../core/run/engine';
import { RunError, type RunErrorKind } from '../../../../core/run/errors';
import { breachOf, type Door, type Ending, type Knock } from './door';

/** Every kind that a run of right requests may fail with. */
const KINDS: ReadonlySet<string> = new Set<RunErrorKind>([
  'retryable',
  'throttled',
  'not-ready',
  'failed',
  'timed-out',
  'over-budget',
  'cancelled',
]);

/** The engine itself. */
export function engineDoor(engine: Engine): Door {
  return {
    name: 'engine',
    canCancelWhole: true,
    async run({ agent, label, onText, ...terms }: Knock): Promise<Ending> {
      try {
        const onEvent = onText && {
          onEvent: (event: { type: string; node: string; text?: string }) => {
            if (event.type === 'text') onText(event.node, event.text!);
          },
        };
        const { output } = await engine.run(agent.graph, { label }, { ...terms, ...onEvent });
        return { output };
      } catch (error) {
        return error instanceof RunError && KINDS.has(error.kind) ? { kind: error.kind } : breachOf('threw', error);
      }
    },
  };
}
