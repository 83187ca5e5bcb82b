import { graph, model, tool } from 'cdk-compound-inference/graph';
import { serve } from 'cdk-compound-inference/runtime';
import { countFailures, inOrder, locateFindings } from './findings';
import { analysisPrompt, rankingPrompt, reportPrompt } from './prompts';
import { Analysis, type Aspect, Ranking, Review, ReviewRequest, type SourceFunction, Split } from './schemas';

const splitter = tool('splitter', { input: ReviewRequest, output: Split });
const security = model('security', { output: Analysis });
const errors = model('errors', { output: Analysis });
const performance = model('performance', { output: Analysis });
const complexity = model('complexity', { output: Analysis });
const ranker = model('ranker', { output: Ranking });
const reporter = model('reporter');

/** Each function costs four calls: beyond this the longest ones are worth most. */
const MAX_FUNCTIONS = 100;

/** What fits a small model's context; the rest keeps the order of its severity. */
const MAX_RANKED = 60;
const MAX_REPORTED = 25;

/** One call per function. A call that fails costs its findings, not the review. */
const perFunction = (aspect: Aspect) => ({
  over: ({ targets }: { targets: SourceFunction[] }) => targets,
  input: (target: SourceFunction) => analysisPrompt(aspect, target),
  concurrency: 8,
  optional: true as const,
});

/** Reviews source files function by function: four analysers side by side, then a ranking and a report. */
export const review = graph('code-review', {
  description: 'Reviews TypeScript and JavaScript files function by function',
  input: ReviewRequest,
  output: Review,
  timeout: { totalMs: 300_000 },
})
  .node('split', { call: splitter, input: ({ input }) => input })
  .compute('targets', ['split'], ({ split }) => longest(split.functions, MAX_FUNCTIONS))
  .map('security', ['targets'], { call: security, ...perFunction('security') })
  .map('errors', ['targets'], { call: errors, ...perFunction('errors') })
  .map('performance', ['targets'], { call: performance, ...perFunction('performance') })
  .map('complexity', ['targets'], { call: complexity, ...perFunction('complexity') })
  .compute('findings', ['targets', 'security', 'errors', 'performance', 'complexity'], ({ targets, ...found }) =>
    locateFindings(targets, [
      { aspect: 'security', analyses: found.security },
      { aspect: 'errors', analyses: found.errors },
      { aspect: 'performance', analyses: found.performance },
      { aspect: 'complexity', analyses: found.complexity },
    ]),
  )
  .compute('failures', ['security', 'errors', 'performance', 'complexity'], (found) =>
    countFailures([found.security, found.errors, found.performance, found.complexity]),
  )
  .node('ranking', ['findings'], {
    call: ranker,
    input: ({ findings }) => rankingPrompt(findings.slice(0, MAX_RANKED)),
    when: ({ findings }) => findings.length > 1,
    optional: true,
  })
  .compute('ranked', ['findings', 'ranking'], ({ findings, ranking }) => inOrder(findings, ranking))
  .node('report', ['split', 'targets', 'ranked', 'failures'], {
    call: reporter,
    input: ({ split, targets, ranked, failures }) =>
      reportPrompt({
        findings: ranked.slice(0, MAX_REPORTED),
        findingsInAll: ranked.length,
        functionsFound: split.functions.length,
        functionsReviewed: targets.length,
        failedAnalyses: failures,
      }),
    when: ({ ranked }) => ranked.length > 0,
    optional: true,
  })
  .output(['split', 'targets', 'ranked', 'failures', 'report'], ({ split, targets, ranked, failures, report }) => ({
    report:
      report?.text ?? `${targets.length} functions reviewed, ${ranked.length} findings, ${failures} analyses failed.`,
    findings: ranked,
    functionsFound: split.functions.length,
    functionsReviewed: targets.length,
    failedAnalyses: failures,
    skipped: split.skipped,
  }));

export const handler = serve(review);

/** The longest functions, in the order in which they came. */
function longest(functions: readonly SourceFunction[], limit: number): SourceFunction[] {
  const kept = new Set(functions.toSorted((a, b) => b.source.length - a.source.length).slice(0, limit));
  return functions.filter((fn) => kept.has(fn));
}
