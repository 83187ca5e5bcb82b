/**
 * What a node waits for when it does not need all: so many of its branches must bring a value. The node starts the
 * moment they have, and the other branches are aborted unless something else needs them.
 *
 * A branch is a node, a list of branches that must all bring a value, or again so many of some:
 * `{ atLeast: 1, of: ['a', ['b', 'c']] }` is "a, or b and c". A node that was skipped or has failed brings a value only if
 * it has a default.
 */
export interface Join<Need extends string = string> extends JoinGroup<Need> {
  /** With what the node goes on if that takes too long. @default - it waits */
  readonly late?: LateJoin;
}

/** So many of some branches. */
export interface JoinGroup<Need extends string = string> {
  readonly atLeast: number;
  readonly of: readonly JoinBranch<Need>[];
}

export type JoinBranch<Need extends string = string> = Need | readonly JoinBranch<Need>[] | JoinGroup<Need>;

/** With how few branches it is safe to go on. */
export interface LateJoin {
  /** From the start of the first of the branches. */
  readonly afterMs: number;
  /** So many must bring a value then, less than before; 0 to go on with nothing. */
  readonly atLeast: number;
}

/** Deeper than any join that a reader understands. */
export const MOST_NESTED = 8;

/** The nodes that a join names, in the order in which it does. */
export function joinNeeds(branch: JoinBranch, depth = 0): string[] {
  if (typeof branch === 'string') return [branch];
  const branches = isList(branch) ? branch : branch?.of;
  if (!isList(branches) || depth > MOST_NESTED) return [];
  return branches.flatMap((each) => joinNeeds(each, depth + 1));
}

/** The fewest nodes that can meet a join: what it waits for at least. */
export function fewestNeeds(branch: JoinBranch): number {
  if (typeof branch === 'string') return 1;
  const [branches, atLeast] = isList(branch) ? [branch, branch.length] : [branch.of, branch.atLeast];
  const fewest = branches.map(fewestNeeds).sort((a, b) => a - b);
  return fewest.slice(0, atLeast).reduce((sum, count) => sum + count, 0);
}

/** A join as a reader says it, as in `1 of a, (b and c)`. */
export function joinText({ atLeast, of }: JoinGroup): string {
  return `${atLeast} of ${of.map(branchText).join(', ')}`;
}

function branchText(branch: JoinBranch): string {
  if (typeof branch === 'string') return branch;
  return `(${isList(branch) ? branch.map(branchText).join(' and ') : joinText(branch)})`;
}

/** What `Array.isArray` does not tell of lists that are read only. */
export function isList(value: unknown): value is readonly JoinBranch[] {
  return Array.isArray(value);
}
