import * as z from 'zod';

export const ReviewRequest = z.object({
  files: z
    .array(z.object({ path: z.string().min(1), source: z.string() }))
    .min(1)
    .max(500)
    .describe('JavaScript or TypeScript sources'),
});
export type ReviewRequest = z.infer<typeof ReviewRequest>;

/** A function of a file, the smallest piece that can be judged on its own. */
export const SourceFunction = z.object({
  path: z.string(),
  /** As in `Graph.components`; `map callback` for a function without a name. */
  name: z.string(),
  startLine: z.number().int(),
  endLine: z.number().int(),
  source: z.string(),
});
export type SourceFunction = z.infer<typeof SourceFunction>;

/** A file, or a part of it, that was not reviewed, and why. */
export const Skipped = z.object({ path: z.string(), reason: z.string() });
export type Skipped = z.infer<typeof Skipped>;

export const Split = z.object({ functions: z.array(SourceFunction), skipped: z.array(Skipped) });
export type Split = z.infer<typeof Split>;

export const Severity = z.enum(['high', 'medium', 'low']);
export type Severity = z.infer<typeof Severity>;

export const Finding = z.object({
  title: z.string().describe('A few words, as in "Error swallowed"'),
  severity: Severity,
  line: z.number().int().describe('Line number as printed before the line'),
  detail: z.string().describe('One sentence: what happens, and why it hurts'),
  suggestion: z.string().describe('One sentence: what to do instead'),
});
export type Finding = z.infer<typeof Finding>;

export const Analysis = z.object({ findings: z.array(Finding).max(20) });
export type Analysis = z.infer<typeof Analysis>;

export const Aspect = z.enum(['security', 'errors', 'performance', 'complexity']);
export type Aspect = z.infer<typeof Aspect>;

/** A finding with where it was found and who found it. */
export const LocatedFinding = Finding.extend({
  /** Unique in a review. */
  id: z.number().int(),
  aspect: Aspect,
  path: z.string(),
  function: z.string(),
});
export type LocatedFinding = z.infer<typeof LocatedFinding>;

export const Ranking = z.object({
  order: z.array(z.number().int()).describe('Ids of the findings, the most urgent first'),
});
export type Ranking = z.infer<typeof Ranking>;

export const Review = z.object({
  report: z.string().describe('Markdown'),
  findings: z.array(LocatedFinding).describe('The most urgent first'),
  functionsFound: z.number().int(),
  functionsReviewed: z.number().int(),
  failedAnalyses: z.number().int().describe('Calls of analysers that brought no answer'),
  skipped: z.array(Skipped),
});
