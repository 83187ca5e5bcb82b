import * as z from 'zod';

export const Question = z.object({
  question: z.string().trim().min(1).max(2000).describe('A question on the AWS CDK'),
});
export type Question = z.infer<typeof Question>;

export const Plan = z.object({
  queries: z.array(z.string()).min(1).max(6).describe('Search queries that together cover the question, best first'),
});
export type Plan = z.infer<typeof Plan>;

/** A search of one module of the documentation, or of all of it. */
export const Search = z.object({
  query: z.string(),
  source: z.string().optional().describe('Name of a source, as listed; all sources if left out'),
});
export type Search = z.infer<typeof Search>;

export const Selection = z.object({
  searches: z.array(Search.required()).max(12).describe('Searches worth making, best first'),
});
export type Selection = z.infer<typeof Selection>;

/** What a module of the documentation is about, for choosing between them. */
export const SourceSummary = z.object({
  name: z.string(),
  title: z.string(),
  topics: z.array(z.string()),
});
export type SourceSummary = z.infer<typeof SourceSummary>;

export const Citation = z.object({
  /** The number by which the answer cites it, as in `[1]`. */
  id: z.number().int(),
  source: z.string(),
  heading: z.string(),
});
export type Citation = z.infer<typeof Citation>;

export const Answer = z.object({
  answer: z.string().describe('Markdown, with citations such as [1]'),
  citations: z.array(Citation),
  queries: z.array(z.string()).describe('What was searched for'),
});
