import { rankingPrompt, reportPrompt } from '../prompts';
import { type LocatedFinding, Ranking } from '../schemas';
import { ranker, reporter } from '.';

const located = (id: number, rest: Partial<LocatedFinding>): LocatedFinding => ({
  id,
  title: `Finding ${id}`,
  severity: 'low',
  line: 7,
  detail: 'It hurts.',
  suggestion: 'Do not.',
  aspect: 'complexity',
  path: 'a.ts',
  function: 'load',
  ...rest,
});

test('what does most harm is ranked first, and security before the rest of its severity', () => {
  const findings = [
    located(1, { severity: 'low', aspect: 'security' }),
    located(2, { severity: 'high', aspect: 'performance' }),
    located(3, { severity: 'high', aspect: 'security' }),
  ];
  expect(Ranking.parse(JSON.parse(ranker(rankingPrompt(findings)))).order).toEqual([3, 2, 1]);
});

test('the report names what to fix first and lists findings by severity', () => {
  const report = reporter(
    reportPrompt({
      findings: [located(1, { severity: 'high', title: 'Eval' }), located(2, {})],
      findingsInAll: 3,
      functionsFound: 9,
      functionsReviewed: 5,
      failedAnalyses: 1,
    }),
  );
  expect(report).toBe(`# Code review

5 functions (the longest of 9) reviewed, 3 findings.
1 call of the analysers failed: there may be more.
Fix first: Eval in \`load\` (\`a.ts:7\`).
The 2 most urgent are listed.

## High

- **Eval** in \`load\` (\`a.ts:7\`, complexity). It hurts. Do not.

## Low

- **Finding 2** in \`load\` (\`a.ts:7\`, complexity). It hurts. Do not.`);
});
