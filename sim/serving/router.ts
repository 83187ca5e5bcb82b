import type { Prefix } from './copy-profile';

/** What a router knows of a copy: itself, and how many calls it has. */
export interface RoutedCopy {
  readonly concurrency: number;
}

/**
 * Picks the copy for a call, of at least one.
 *
 * @param key tells calls apart, from 0 to below 1
 * @param prefix with what the call begins, if others begin so too
 */
export type Router = <C extends RoutedCopy>(copies: readonly C[], key: number, prefix?: Prefix) => C;

/** Of SageMaker (CloudFormation: `RoutingConfig.RoutingStrategy`). */
export type RoutingStrategy = 'LEAST_OUTSTANDING_REQUESTS' | 'RANDOM' | PrefixAwareRouting;

/** SageMaker knows instances, the simulator copies: as if each were on an instance of its own. */
export interface PrefixAwareRouting {
  readonly strategy: 'PREFIX_AWARE';
  /** Bytes of the start of a call by which it is routed, 1024 to 65536. */
  readonly prefixLength: number;
  /** Calls in flight on the copy of the prefix from which on another takes the call, 1 to 1024. */
  readonly concurrencyThreshold: number;
}

/** English text of common tokenizers: assumed. */
const BYTES_PER_TOKEN = 4;

/** The one with the fewest calls, the oldest of equals. */
const leastOutstanding: Router = (copies) => {
  let least = copies[0]!;
  for (const copy of copies) if (copy.concurrency < least.concurrency) least = copy;
  return least;
};

/** By the call alone, so that the same call goes the same way under every policy with as many copies. */
const random: Router = (copies, key) => copies[Math.floor(key * copies.length)]!;

/**
 * Calls with the same start go to the same copy, until that has so many in flight; then to the one with most room
 * (API reference, PrefixAwareRoutingConfig). Which copy is a prefix's own is not documented; assumed: the one with most
 * room when it first came, until that is gone or takes no more calls. A call whose shared prefix is shorter than what is
 * looked at has a start of its own, and goes where there is most room.
 */
function prefixAware({ prefixLength, concurrencyThreshold }: PrefixAwareRouting): Router {
  const owners = new Map<number, RoutedCopy>();
  return (copies, key, prefix) => {
    const roomiest = leastOutstanding(copies, key);
    if (!prefix || prefix.tokens * BYTES_PER_TOKEN < prefixLength) return roomiest;
    const known = owners.get(prefix.key);
    const owner = copies.find((copy) => copy === known);
    if (owner) return owner.concurrency < concurrencyThreshold ? owner : roomiest;
    owners.set(prefix.key, roomiest);
    return roomiest;
  };
}

/** @returns a router for one component: a prefix-aware one remembers where calls went */
export function routerOf(strategy: RoutingStrategy): Router {
  if (strategy === 'LEAST_OUTSTANDING_REQUESTS') return leastOutstanding;
  return strategy === 'RANDOM' ? random : prefixAware(strategy);
}
