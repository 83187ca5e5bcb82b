import * as z from 'zod';
import { Instance, Quantity } from './instances/instance';

export const Question = z.object({
  question: z.string().trim().min(1).max(1000).describe('A question on instance types for inference'),
});

/** Something that is known, in one sentence, and where from. */
export const Evidence = z.object({ statement: z.string(), source: z.string() });
export type Evidence = z.infer<typeof Evidence>;

/** Evidence with the number by which it is cited, as in `[1]`. */
export const NumberedEvidence = Evidence.extend({ id: z.number().int() });
export type NumberedEvidence = z.infer<typeof NumberedEvidence>;

const evidence = z.array(Evidence);

export const Lookup = {
  input: z
    .object({ instance: z.string().describe('such as ml.g6.12xlarge') })
    .describe('Tells what one instance type has and costs.'),
  output: Instance.extend({ evidence }),
};

export const Find = {
  input: z
    .object({
      accelerator: z.string().optional().describe('such as L4'),
      atLeast: z.partialRecord(Quantity, z.number().nullable()).optional(),
      atMost: z.partialRecord(Quantity, z.number().nullable()).optional(),
      best: z.object({ quantity: Quantity, is: z.enum(['lowest', 'highest']) }),
    })
    .describe('Finds the instance type with the lowest or the highest of a quantity among those that meet conditions.'),
  output: Instance.extend({ matches: z.number(), evidence }),
};

export const Calculate = {
  input: z
    .object({
      of: z.string().describe('what is calculated, such as: the price per vCPU of ml.g6.xlarge'),
      expression: z.string().describe('numbers, + - * / ^ and parentheses, such as (1 + 2) * 3'),
      unit: z.string().optional().describe('of the result, such as USD'),
    })
    .describe('Calculates.'),
  output: z.object({ value: z.number().nullable().describe('null if a number was not known'), evidence }),
};

export const Compare = {
  input: z
    .object({
      by: z.string().describe('what is compared, such as: price per hour'),
      unit: z.string().optional(),
      values: z.array(z.object({ name: z.string().nullable(), value: z.number().nullable() })).min(2),
    })
    .describe('Puts two or more values in order.'),
  output: z.object({ lowest: z.string().nullable(), highest: z.string().nullable(), evidence }),
};

/** What a plan must come to. */
export const Findings = z.object({
  conclusions: z
    .array(evidence)
    .describe(
      'the evidence of the tasks that answer the question, such as [{"$from": "t3.evidence"}]; the most telling first',
    ),
});

export const Verdict = z.object({ supported: z.boolean() });
export type Verdict = z.infer<typeof Verdict>;

export const Brief = z.object({
  answer: z
    .string()
    .describe('Sentences that the evidence supports, with citations such as [1]; […] where one was left out'),
  sources: z.array(NumberedEvidence).describe('What the answer cites'),
  dropped: z.array(z.string()).describe('Sentences of the draft that nothing supports'),
});
