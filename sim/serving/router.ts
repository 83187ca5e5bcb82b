/** Picks the copy for a call, by its position; `concurrencyOf` tells how many calls each has, `key` tells calls apart. */
export type Router = (copies: number, concurrencyOf: (at: number) => number, key: number) => number;

/** Of SageMaker's routing strategies (CloudFormation: `RoutingConfig.RoutingStrategy`), those without a prefix. */
export type RoutingStrategy = 'LEAST_OUTSTANDING_REQUESTS' | 'RANDOM';

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

const ROUTERS: Readonly<Record<RoutingStrategy, Router>> = {
  LEAST_OUTSTANDING_REQUESTS: leastOutstanding,
  RANDOM: random,
};

export function routerOf(strategy: RoutingStrategy): Router {
  return ROUTERS[strategy];
}
