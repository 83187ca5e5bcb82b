import { createHash } from 'node:crypto';
import { NestedStack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Nested stacks of a fleet, each of which holds the components whose ids fall to it. Those without any are not made. */
export class ComponentStacks {
  readonly #stacks = new Map<number, NestedStack>();

  constructor(
    private readonly fleet: Construct,
    private readonly count: number,
  ) {}

  /** Where the component with this id belongs. */
  public scopeOf(id: string): Construct {
    const number = stackNumberOf(id, this.count);
    const stack = this.#stacks.get(number) ?? new NestedStack(this.fleet, `Components${number + 1}`);
    this.#stacks.set(number, stack);
    return stack;
  }
}

/**
 * Which of so many stacks a component belongs to, from 0: that one whose number, hashed with the id, gives the most.
 *
 * It depends on the id alone, so that no component moves when another comes or goes. With one stack more, a component either stays or goes
 * to the new one.
 *
 * @see https://en.wikipedia.org/wiki/Rendezvous_hashing
 */
export function stackNumberOf(id: string, count: number): number {
  let best = { number: 0, weight: '' };
  for (let number = 0; number < count; number++) {
    const weight = createHash('sha256')
      .update(JSON.stringify([number, id]))
      .digest('hex');
    if (weight > best.weight) best = { number, weight };
  }
  return best.number;
}
