/**
 * A second try of a call that takes longer than most, while the first goes on; the first answer counts (Dean and Barroso,
 * The Tail at Scale, CACM 2013).
 */
export interface HedgePolicy {
  /** When the second try is made: the P95 of the node's own warm calls is usual. */
  readonly afterMs: number;
  /** Most second tries, as a share of the calls. @default 0.05 */
  readonly budget?: number;
}

/** Second tries that calls have earned; begins empty. */
export interface HedgeBudget {
  readonly tokens: number;
}

export const NO_HEDGES: HedgeBudget = { tokens: 0 };

const DEFAULT_BUDGET = 0.05;

/** What is saved up at most: a slow backend is not answered with a burst of second tries. */
const MOST_TOKENS = 10;

/** Every call earns its share of a second try. */
export function earnHedge({ tokens }: HedgeBudget, { budget = DEFAULT_BUDGET }: HedgePolicy): HedgeBudget {
  return { tokens: Math.min(MOST_TOKENS, tokens + budget) };
}

/** How a call stands when its hedge is due. */
export interface HedgeChance {
  /** Copies that serve; another try at the only one would but slow down the first. */
  readonly warmCopies: number;
  /** Until the deadline of the call. */
  readonly leftMs: number;
}

/** Spends a token if a second try is worth making: never into a cold backend, nor without the time that it needs. */
export function spendHedge(
  budget: HedgeBudget,
  { afterMs }: HedgePolicy,
  { warmCopies, leftMs }: HedgeChance,
): HedgeBudget | undefined {
  const isWorth = budget.tokens >= 1 && warmCopies >= 2 && leftMs > afterMs;
  return isWorth ? { tokens: budget.tokens - 1 } : undefined;
}
