import type { RunObserver } from '../../sim/agent/agent-runs.ts';
import { copyCostsOf } from '../../sim/experiment/policies/copy-price.ts';
import type { Policy, PolicyContext } from '../../sim/experiment/policy.ts';
import type { Actor } from '../../sim/kernel/timeline.ts';

/** What became of copies that nobody was calling, and of calls. */
export interface CopyUse {
  /** Idle times of copies that ended with a call, and that ended with the copy; see `CopyWatch`. */
  readonly used: number;
  readonly wasted: number;
  readonly wastedUsd: number;
  /** Nodes that began while no copy of their component served. */
  readonly coldCalls: number;
}

/** The alarm of SageMaker keeps copies for so long by itself. */
const OWN_KEEP_US = 900e6;

const LOOK_US = 10e6;

/**
 * Watches models from the outside. Of the times in which copies of one serve and nobody calls it, those count that a
 * policy is answerable for: longer than the service keeps copies anyway, or begun with a copy that no call was waiting
 * for.
 */
export function copyWatch(fromUs: number, use: (ended: CopyUse) => void): Policy {
  return (context) => new CopyWatch(fromUs, use, context);
}

interface Watched {
  readonly name: string;
  readonly inService: () => number;
  readonly pricePerUs: number;
  callers: number;
  isServing: boolean;
  /** Since when it serves and nobody calls it. */
  idleSinceUs: number | undefined;
  isForeseen: boolean;
}

class CopyWatch implements RunObserver, Actor {
  readonly #models: readonly (Watched | undefined)[];
  readonly #sums = { used: 0, wasted: 0, wastedUsd: 0, coldCalls: 0 };

  constructor(
    private readonly fromUs: number,
    private readonly use: (ended: CopyUse) => void,
    private readonly context: PolicyContext,
  ) {
    const { world, worldModel, components, timeline } = context;
    this.#models = components.map((name): Watched | undefined => {
      const model = world.models.find((each) => each.name === name);
      if (!model) return undefined;
      const pricePerUs = (copyCostsOf(worldModel.components[name]!, worldModel)?.pricePerHourUsd ?? 0) / 3600e6;
      const inService = () => model.pool.inService;
      const idle = { callers: 0, isServing: false, idleSinceUs: undefined, isForeseen: false };
      return { name, inService, pricePerUs, ...idle };
    });
    timeline.at(timeline.nowUs + LOOK_US, this);
  }

  onNodeStart(_run: unknown, node: number): void {
    const model = this.#models[this.context.plan.nodes[node]!.component];
    if (!model) return;
    const { nowUs } = this.context.timeline;
    this.#look(model);
    if (nowUs >= this.fromUs && model.inService() === 0) this.#sums.coldCalls++;
    model.callers++;
    if (model.idleSinceUs === undefined) return;
    if (this.#counts(model)) this.#sums.used++;
    model.idleSinceUs = undefined;
  }

  onNodeEnd({ times }: { readonly times: readonly { readonly isSkipped: boolean }[] }, node: number): void {
    const model = this.#models[this.context.plan.nodes[node]!.component];
    if (!model || times[node]!.isSkipped) return;
    model.callers--;
    if (model.callers > 0 || model.inService() === 0) return;
    model.isServing = true;
    model.idleSinceUs = this.context.timeline.nowUs;
    model.isForeseen = false;
  }

  act(): void {
    const { timeline, requests } = this.context;
    for (const model of this.#models) if (model) this.#look(model);
    if (timeline.nowUs < requests.durationUs) timeline.at(timeline.nowUs + LOOK_US, this);
    else this.use(this.#sums);
  }

  /** Notices copies that have come, and that have gone. */
  #look(model: Watched): void {
    const isServing = model.inService() > 0;
    const { nowUs } = this.context.timeline;
    if (isServing && !model.isServing && model.callers === 0) {
      model.idleSinceUs = nowUs;
      model.isForeseen = true;
    }
    if (!isServing && model.idleSinceUs !== undefined) {
      if (this.#counts(model)) {
        this.#sums.wasted++;
        this.#sums.wastedUsd += (nowUs - Math.max(this.fromUs, model.idleSinceUs)) * model.pricePerUs;
      }
      model.idleSinceUs = undefined;
    }
    model.isServing = isServing;
  }

  #counts({ idleSinceUs, isForeseen }: Watched): boolean {
    const { nowUs } = this.context.timeline;
    return nowUs >= this.fromUs && (isForeseen || nowUs - idleSinceUs! > OWN_KEEP_US);
  }
}
