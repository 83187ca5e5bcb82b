import type { Prefix } from './copy-profile';

/**
 * Picks the copy for a call, by its position; `concurrencyOf` tells how many calls each has, `key` tells calls apart.
 *
 * @param prefix with what the call begins, if others begin so too
 * @param copyAt the copy itself, by which one is known again when positions have changed
 */
export type Router = (
  copies: number,
  concurrencyOf: (at: number) => number,
  key: number,
  prefix?: Prefix,
  copyAt?: (at: number) => object,
) => number;

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
const leastOutstanding: Router = (copies, concurrencyOf) => {
  let least = 0;
  let fewest = concurrencyOf(0);
  for (let at = 1; at < copies && fewest > 0; at++) {
    const concurrency = concurrencyOf(at);
    if (concurrency >= fewest) continue;
    least = at;
    fewest = concurrency;
  }
  return least;
};

/** By the call alone, so that the same call goes the same way under every policy with as many copies. */
const random: Router = (copies, _concurrencyOf, key) => Math.floor(key * copies);

/**
 * Calls with the same start go to the same copy, until that has so many in flight; then to the one with most room
 * (API reference, PrefixAwareRoutingConfig). Which copy is a prefix's own is not documented; assumed: the one with most
 * room when it first came, until that is gone or takes no more calls. A call whose shared prefix is shorter than what is
 * looked at has a start of its own, and goes where there is most room.
 */
function prefixAware({ prefixLength, concurrencyThreshold }: PrefixAwareRouting): Router {
  const owners = new Map<number, object>();
  return (copies, concurrencyOf, key, prefix, copyAt) => {
    if (!prefix || !copyAt || prefix.tokens * BYTES_PER_TOKEN < prefixLength) {
      return leastOutstanding(copies, concurrencyOf, key);
    }
    const owner = owners.get(prefix.key);
    for (let at = 0; at < copies; at++) {
      if (copyAt(at) !== owner) continue;
      return concurrencyOf(at) < concurrencyThreshold ? at : leastOutstanding(copies, concurrencyOf, key);
    }
    const at = leastOutstanding(copies, concurrencyOf, key);
    owners.set(prefix.key, copyAt(at));
    return at;
  };
}

/** @returns a router for one component: a prefix-aware one remembers where calls went */
export function routerOf(strategy: RoutingStrategy): Router {
  if (strategy === 'LEAST_OUTSTANDING_REQUESTS') return leastOutstanding;
  return strategy === 'RANDOM' ? random : prefixAware(strategy);
}
