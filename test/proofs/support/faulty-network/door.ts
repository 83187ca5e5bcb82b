import type { Agent } from './agents';

export interface Knock {
  readonly agent: Agent;
  readonly label: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly tenant: string;
  readonly work: 'interactive' | 'batch';
  /** Takes the texts of nodes that stream; nothing is streamed to the caller if left out. */
  readonly onText: ((node: string, text: string) => void) | undefined;
}

/** How a run ended: with an output, or with an error of a kind that is on the list, or otherwise, which must not be. */
export type Ending = ({ readonly output: unknown } | { readonly kind: string } | { readonly breach: string }) &
  Partial<Span>;

/** When a run began and ended where it is made, if that is not where it is asked for. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** A way to run agents. */
export interface Door {
  readonly name: string;
  /** Whether the caller of a run without streams can take it back. */
  readonly canCancelWhole: boolean;
  run(knock: Knock): Promise<Ending>;
}

export function breachOf(what: string, error: unknown): Ending {
  return { breach: `${what}: ${error instanceof Error ? error.stack : String(error)}` };
}
