import { Timeline } from '../../../sim/kernel/timeline';
import type { Request } from '../../../sim/serving/copy-pool';
import type { ModelComponent } from '../../../sim/world/model-component';
import { importedModel8b, inferenceComponent8b, singleGpuFleet } from '../../../sim/world/presets';
import { World } from '../../../sim/world/world';
import type { ImportedModelModel, InferenceComponentModel } from '../../../sim/world/world-model';

type ModelBehaviour = InferenceComponentModel | ImportedModelModel;

const SHORT = { promptTokens: 100, outputTokens: 10 };
/** Minutes of decoding: a request that stays in flight. */
const LONG = { promptTokens: 100, outputTokens: 100_000 };

const seconds = (count: number) => count * 1e6;

/** A world with one component; without spread, so that expected times are the medians. */
function worldWith(behaviour: ModelBehaviour, timeline: Timeline, seed = 1): ModelComponent {
  const fleet = { ...singleGpuFleet, instances: singleGpuFleet.instances.map(steady) };
  const world = new World({ fleets: { gpu: fleet }, components: { writer: behaviour } }, { timeline, seed });
  return world.models[0]!;
}

const steady = <T extends object>(model: T) => ({ ...model, provisionVariation: 0 });

class Bench {
  readonly timeline = new Timeline();
  readonly component: ModelComponent;
  readonly doneUs: number[] = [];

  constructor(behaviour: ModelBehaviour, scaling: Partial<ModelBehaviour['scaling']> = {}) {
    const coldStart = { ...behaviour.coldStart, variation: 0 };
    const model = { ...behaviour, coldStart, scaling: { ...behaviour.scaling, ...scaling } };
    this.component = worldWith(model, this.timeline);
  }

  advance(us: number): void {
    this.timeline.advanceTo(this.timeline.nowUs + us);
  }

  call(work = SHORT): Request | string {
    return this.component.submit(work, { onDone: (atUs) => this.doneUs.push(atUs) });
  }

  get copies(): string[] {
    return this.component.state.copies.map((copy) =>
      copy.status === 'starting'
        ? `${copy.stage} ${Math.round(copy.remainingSeconds)}`
        : copy.status === 'pending'
          ? 'pending'
          : `${copy.status === 'draining' ? 'draining ' : ''}${copy.concurrency}`,
    );
  }
}

describe('an inference component', () => {
  test('refuses calls at zero copies, and one minute after the first refusal starts a copy', () => {
    const bench = new Bench(inferenceComponent8b);
    expect(bench.call()).toBe('no-capacity');
    bench.advance(seconds(59));
    expect(bench.call()).toBe('no-capacity');
    expect(bench.copies).toEqual([]);

    bench.advance(seconds(1));
    expect(bench.copies).toEqual(['provision 260']);
    bench.advance(seconds(110));
    expect(bench.copies).toEqual(['weights-download 150']);
    bench.advance(seconds(149));
    expect(bench.call()).toBe('no-capacity');

    bench.advance(seconds(1));
    expect(bench.copies).toEqual(['0']);
    bench.call();
    bench.advance(seconds(1));
    expect(bench.doneUs).toHaveLength(1);
  });

  test('goes back to zero fifteen minutes after its last call, and never while calls keep coming', () => {
    const bench = new Bench(inferenceComponent8b);
    bench.component.setDesiredCopies(1);
    bench.advance(seconds(300));
    for (let minute = 0; minute < 60; minute++) {
      bench.call();
      bench.advance(seconds(60));
    }
    expect(bench.copies).toEqual(['0']);
    bench.advance(seconds(14 * 60));
    bench.advance(seconds(20));
    expect(bench.copies).toEqual([]);
    expect(bench.component.state.desiredCopies).toBe(0);
  });

  test('starts faster on the instance its last copy left, until that is released', () => {
    const bench = new Bench(inferenceComponent8b);
    bench.component.setDesiredCopies(1);
    bench.advance(seconds(260));
    bench.component.setDesiredCopies(0);
    bench.advance(seconds(599));
    bench.component.setDesiredCopies(1);
    expect(bench.copies).toEqual(['container-init 78']);

    bench.advance(seconds(78));
    bench.component.setDesiredCopies(0);
    bench.advance(seconds(600));
    bench.component.setDesiredCopies(1);
    expect(bench.copies).toEqual(['provision 260']);
  });

  test('adds copies within forty seconds when the load per copy exceeds the target', () => {
    const bench = new Bench(inferenceComponent8b, { minCopies: 1 });
    for (let i = 0; i < 12; i++) bench.call(LONG);
    bench.advance(seconds(39));
    expect(bench.copies).toEqual(['12']);
    bench.advance(seconds(1));
    expect(bench.copies).toEqual(['12', 'provision 260', 'provision 260']);
  });

  test('sends a call to the copy with the fewest requests', () => {
    const bench = new Bench(inferenceComponent8b, { minCopies: 2 });
    for (let i = 0; i < 5; i++) bench.call(LONG);
    expect(bench.copies).toEqual(['3', '2']);
  });

  test('a cancelled call frees its place in the copy', () => {
    const bench = new Bench(inferenceComponent8b, { minCopies: 1 });
    const request = bench.call(LONG);
    if (typeof request === 'string') throw new Error(`refused: ${request}`);
    request.cancel();
    expect(bench.copies).toEqual(['0']);
  });

  test('set to fewer copies by hand, it first drops those that start; a busy copy finishes its calls', () => {
    const bench = new Bench(inferenceComponent8b, { minCopies: 1 });
    bench.component.setDesiredCopies(3);
    bench.call();
    bench.component.setDesiredCopies(1);
    expect(bench.copies).toEqual(['1']);
    bench.component.setDesiredCopies(0);
    expect(bench.copies).toEqual(['draining 1']);
    expect(bench.call()).toBe('no-capacity');
    bench.advance(seconds(1));
    expect(bench.doneUs).toHaveLength(1);
    expect(bench.copies).toEqual([]);
  });

  test('the instance of a busy copy that was taken is free for another once the copy is empty', () => {
    const bench = new Bench(inferenceComponent8b);
    bench.component.setDesiredCopies(1);
    bench.advance(seconds(260));
    const request = bench.call(LONG);
    if (typeof request === 'string') throw new Error(`refused: ${request}`);
    bench.component.setDesiredCopies(0);
    bench.component.setDesiredCopies(1);
    expect(bench.copies).toEqual(['provision 260', 'draining 1']);

    bench.advance(seconds(100));
    request.cancel();
    bench.component.setDesiredCopies(0);
    bench.advance(seconds(599));
    bench.component.setDesiredCopies(1);
    expect(bench.copies).toEqual(['container-init 78']);
  });

  test('set below its minimum by hand, it is back at the minimum a metric period later', () => {
    const bench = new Bench(inferenceComponent8b, { minCopies: 1 });
    bench.component.setDesiredCopies(0);
    expect(bench.copies).toEqual([]);
    bench.advance(seconds(10));
    expect(bench.copies).toEqual(['container-init 78']);
  });

  test.each([-1, 5, 0.5, Number.NaN])('%p copies are refused', (count) => {
    const { component } = new Bench(inferenceComponent8b);
    expect(() => component.setDesiredCopies(count)).toThrow(`copies must be a whole number from 0 to 4, got: ${count}`);
  });

  test('a copy set by hand before the alarm fires is the only one', () => {
    const bench = new Bench(inferenceComponent8b);
    bench.call();
    bench.component.setDesiredCopies(1);
    bench.advance(seconds(60));
    expect(bench.component.state.desiredCopies).toBe(1);
  });

  test('the same seed gives the same cold starts, another seed others', () => {
    const remaining = (seed: number) => {
      const component = worldWith(inferenceComponent8b, new Timeline(), seed);
      component.setDesiredCopies(3);
      return component.state.copies.map((copy) => copy.status === 'starting' && copy.remainingSeconds);
    };
    expect(remaining(1)).toEqual(remaining(1));
    expect(remaining(1)).not.toEqual(remaining(2));
    expect(new Set(remaining(1)).size).toBe(3);
  });
});

describe('an imported model', () => {
  test('the first call is refused but starts the load itself', () => {
    const bench = new Bench(importedModel8b);
    expect(bench.call()).toBe('no-capacity');
    expect(bench.copies).toEqual(['weights-download 70']);
    bench.advance(seconds(70));
    expect(bench.copies).toEqual(['0']);
  });

  test('is released after five idle minutes, and within the hour loads without its weights', () => {
    const bench = new Bench(importedModel8b);
    bench.call();
    bench.advance(seconds(70 + 310));
    expect(bench.copies).toEqual([]);
    bench.call();
    expect(bench.copies).toEqual(['container-init 30']);
  });

  test('calls beyond what its copies take are throttled', () => {
    const bench = new Bench(importedModel8b, { minCopies: 1 });
    const outcomes = Array.from({ length: 33 }, () => bench.call(LONG));
    expect(outcomes.filter((outcome) => outcome === 'throttled')).toHaveLength(1);
    expect(outcomes.at(-1)).toBe('throttled');
  });
});
