import type { JoinBranch, LateJoin } from '../graph/join';

/** A join with positions in place of ids. */
export interface PlannedJoin {
  readonly rule: JoinRule;
  /** What holds in its place after a time. */
  readonly late: (LateJoin & { readonly rule: JoinRule }) | undefined;
}

/** So many of nodes, by position, and of other rules. */
export interface JoinRule {
  readonly atLeast: number;
  readonly of: readonly (number | JoinRule)[];
}

/** Whether something has a value, may still get one, or never will. */
export type Prospect = 'there' | 'open' | 'gone';

export function joinRuleOf(branch: JoinBranch, position: ReadonlyMap<string, number>): number | JoinRule {
  if (typeof branch === 'string') return position.get(branch)!;
  const group = 'of' in branch ? branch : { atLeast: branch.length, of: branch };
  return { atLeast: group.atLeast, of: group.of.map((each) => joinRuleOf(each, position)) };
}

/** Whether a rule is met, can still be, or cannot any more. */
export function prospectOf({ atLeast, of }: JoinRule, prospectOfNode: (at: number) => Prospect): Prospect {
  let there = 0;
  let open = 0;
  for (const branch of of) {
    const prospect = typeof branch === 'number' ? prospectOfNode(branch) : prospectOf(branch, prospectOfNode);
    if (prospect === 'there') there++;
    else if (prospect === 'open') open++;
  }
  if (there >= atLeast) return 'there';
  return there + open >= atLeast ? 'open' : 'gone';
}
