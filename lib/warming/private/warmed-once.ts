import type { IConstruct } from 'constructs';
import { known, type Report } from '../../private/checks';
import type { WarmedComponent } from './warmed-component';

interface Warming {
  readonly warmer: IConstruct;
  readonly components: readonly WarmedComponent[];
}

/** Of each app, in the order in which they were made. */
const WARMINGS = new WeakMap<IConstruct, Warming[]>();

/** Notes what a warmer warms, for the checks of others. */
export function noteWarming(warmer: IConstruct, components: readonly WarmedComponent[]): void {
  const { root } = warmer.node;
  WARMINGS.set(root, [...(WARMINGS.get(root) ?? []), { warmer, components }]);
}

/**
 * Two warmers pull at the same copies: one takes what the other has raised for what was there before. The later one reports it.
 *
 * Functions may be called by several.
 */
export function checkWarmedOnce(warmer: IConstruct, report: Report): void {
  const all = WARMINGS.get(warmer.node.root) ?? [];
  const at = all.findIndex((one) => one.warmer === warmer);
  if (at < 0) return;
  for (const one of all[at]!.components) {
    if (one.backend.type === 'lambda') continue;
    const first = all.slice(0, at).find(({ components }) => components.some((other) => isSame(one, other)));
    if (!first) continue;
    const message =
      `of ${warmer.node.path} and ${first.warmer.node.path} both warm ${one.source.node.path}, and would pull at the same copies: ` +
      'give the agents of both to one new Prewarming(...), or leave it alone in one of them with components: [{ component, excluded: true }]';
    report('prewarming/component-warmed-twice', 'agents', message);
  }
}

/** An imported model may be known by several constructs. */
function isSame(one: WarmedComponent, other: WarmedComponent): boolean {
  if (one.source === other.source) return true;
  if (one.backend.type !== 'bedrock' || other.backend.type !== 'bedrock') return false;
  // A text with tokens may mean something else in another stack.
  return known(one.backend.modelId) !== undefined && one.backend.modelId === other.backend.modelId;
}
