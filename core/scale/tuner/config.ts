import type { KeptCopy } from '../keep/kept-copies';
import { requirePositive } from '../numbers';

export interface TunerConfig {
  /** `dry-run` decides and tells, but asks for nothing; `off` does nothing at all. */
  readonly mode: 'act' | 'dry-run' | 'off';
  readonly mechanisms: Mechanisms;
  /** By name of the component. */
  readonly components: Readonly<Record<string, ComponentConfig>>;
}

/** What the loop does; each can be left out, to see what it is worth. */
export interface Mechanisms {
  readonly targets: boolean;
  readonly forecastFloor: boolean;
  readonly burstGuard: boolean;
  /** Whether the burst guard extrapolates windows shorter than a service time. */
  readonly shortWindows: boolean;
}

export const ALL_MECHANISMS: Mechanisms = { targets: true, forecastFloor: true, burstGuard: true, shortWindows: true };

export interface ComponentConfig {
  /** The component's share of the agent's P95 objective. */
  readonly objectiveMs: number;
  /** Bounds of the concurrency per copy; at least 1, at most the engine's number of sequences. */
  readonly minTarget: number;
  readonly maxTarget: number;
  readonly minCopies: number;
  readonly maxCopies: number;
  readonly pricePerCopyHourUsd: number;
  /** Probability that the component makes a late answer late, 0 to 1. */
  readonly criticality: number;
  /** Whether one copy is kept of a component that may be at zero. @default - none */
  readonly keptCopy?: KeptCopy;
}

/** Price of a copy of each component that may be at zero copies, by name. */
export function zeroablePrices(
  components: Readonly<Record<string, Pick<ComponentConfig, 'minCopies' | 'pricePerCopyHourUsd'>>>,
): Readonly<Record<string, number>> {
  const zeroable = Object.entries(components).filter(([, { minCopies }]) => minCopies === 0);
  return Object.fromEntries(zeroable.map(([name, { pricePerCopyHourUsd }]) => [name, pricePerCopyHourUsd]));
}

/** @throws RangeError that names the field. */
export function checkTunerConfig(config: TunerConfig): void {
  for (const [name, component] of Object.entries(config.components)) {
    const { objectiveMs, minTarget, maxTarget, minCopies, maxCopies, pricePerCopyHourUsd, criticality } = component;
    const field = (key: keyof ComponentConfig) => `components.${name}.${key}`;
    requirePositive(field('objectiveMs'), objectiveMs);
    requirePositive(field('pricePerCopyHourUsd'), pricePerCopyHourUsd);
    if (!(minTarget >= 1)) throw new RangeError(`${field('minTarget')} must be at least 1, got: ${minTarget}`);
    if (!(maxTarget >= minTarget && maxTarget < Infinity)) {
      throw new RangeError(`${field('maxTarget')} must be at least minTarget (${minTarget}), got: ${maxTarget}`);
    }
    if (!(Number.isSafeInteger(minCopies) && minCopies >= 0)) {
      throw new RangeError(`${field('minCopies')} must be a whole number, 0 or more, got: ${minCopies}`);
    }
    if (!(Number.isSafeInteger(maxCopies) && maxCopies >= Math.max(1, minCopies))) {
      const least = Math.max(1, minCopies);
      throw new RangeError(`${field('maxCopies')} must be a whole number, ${least} or more, got: ${maxCopies}`);
    }
    if (!(criticality >= 0 && criticality <= 1)) {
      throw new RangeError(`${field('criticality')} must be from 0 to 1, got: ${criticality}`);
    }
  }
}
