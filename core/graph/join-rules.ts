import { isList, type Join, type JoinBranch, MOST_NESTED } from './join';
import { duration, fields, must, optional, type Report, type Rule } from './rules';

/** Reports what is wrong with a join: above all what no run could ever meet. */
export const joinRule: Rule = (value, path, report) => {
  checkGroup(value, path, report, 0);
};

const known: Rule = () => {};

function checkGroup(value: unknown, path: string, report: Report, depth: number): void {
  const { atLeast, of } = (value ?? {}) as Partial<Join>;
  const most = isList(of) ? of.length : Number.NaN;
  const late = fields({ afterMs: duration, atLeast: wholeNumber(0, typeof atLeast === 'number' ? atLeast - 1 : 0) });
  fields({
    atLeast: isList(of) && most >= 2 ? wholeNumber(1, most) : known,
    of: known,
    ...(depth === 0 && { late: optional(late) }),
  })(value, path, report);
  if (typeof value === 'object' && value !== null) checkBranches(of, `${path}.of`, report, depth);
}

function checkBranches(branches: unknown, path: string, report: Report, depth: number): void {
  must((list) => isList(list) && list.length >= 2, 'a list of two or more branches')(branches, path, report);
  if (!isList(branches)) return;
  if (depth >= MOST_NESTED) {
    report(path, `is nested more than ${MOST_NESTED} deep: make a node of a part of it`);
    return;
  }
  branches.forEach((branch: JoinBranch, i) => {
    if (typeof branch === 'string') return;
    const at = `${path}[${i}]`;
    if (isList(branch)) checkBranches(branch, at, report, depth + 1);
    else checkGroup(branch, at, report, depth + 1);
  });
}

function wholeNumber(from: number, to: number): Rule {
  return must(
    (value) => Number.isInteger(value) && value >= from && value <= to,
    `a whole number from ${from} to ${to}`,
  );
}
