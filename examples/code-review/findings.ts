import type { Analysis, Aspect, LocatedFinding, Ranking, SourceFunction } from './schemas';

/** The answers of one analyser, in the order of the functions; undefined where a call failed. */
export interface AspectAnalyses {
  readonly aspect: Aspect;
  readonly analyses: readonly (Analysis | undefined)[];
}

const SEVERITY_ORDER = ['high', 'medium', 'low'];

/** Every finding with its place, by severity. */
export function locateFindings(
  functions: readonly SourceFunction[],
  byAspect: readonly AspectAnalyses[],
): LocatedFinding[] {
  return byAspect
    .flatMap(({ aspect, analyses }) =>
      functions.flatMap(({ path, name, startLine, endLine }, i) =>
        (analyses[i]?.findings ?? []).map((finding) => ({
          ...finding,
          line: Math.min(Math.max(finding.line, startLine), endLine),
          aspect,
          path,
          function: name,
        })),
      ),
    )
    .sort((a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity))
    .map((finding, i) => ({ id: i + 1, ...finding }));
}

/** How many calls of the analysers brought no answer. */
export function countFailures(byAspect: readonly (readonly (Analysis | undefined)[])[]): number {
  return byAspect.flat().filter((analysis) => analysis === undefined).length;
}

/** Findings in the order of a ranking. A model may forget ids, repeat them or make them up: none is lost or doubled. */
export function inOrder(findings: readonly LocatedFinding[], ranking: Ranking | undefined): LocatedFinding[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const ranked = [...new Set(ranking?.order)].flatMap((id) => byId.get(id) ?? []);
  return [...new Set([...ranked, ...findings])];
}
