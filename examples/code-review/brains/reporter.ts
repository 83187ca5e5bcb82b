import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import type { ReportData } from '../prompts';
import { type LocatedFinding, Severity } from '../schemas';

/** Stands in for the report's writer. */
export function reporter(request: ChatRequest): string {
  const data: ReportData = dataOf(request);
  return [summaryOf(data), ...Severity.options.flatMap((severity) => sectionOf(severity, data.findings))].join('\n\n');
}

function summaryOf(data: ReportData): string {
  const { findings, findingsInAll, functionsFound, functionsReviewed, failedAnalyses } = data;
  const first = findings[0];
  const partly = functionsReviewed < functionsFound ? ` (the longest of ${functionsFound})` : '';
  return [
    '# Code review',
    '',
    `${count(functionsReviewed, 'function')}${partly} reviewed, ${count(findingsInAll, 'finding')}.`,
    ...(failedAnalyses > 0 ? [`${count(failedAnalyses, 'call')} of the analysers failed: there may be more.`] : []),
    ...(first ? [`Fix first: ${first.title} in \`${first.function}\` (\`${placeOf(first)}\`).`] : []),
    ...(findings.length < findingsInAll ? [`The ${findings.length} most urgent are listed.`] : []),
  ].join('\n');
}

function sectionOf(severity: Severity, findings: readonly LocatedFinding[]): string[] {
  const items = findings.filter((finding) => finding.severity === severity);
  if (items.length === 0) return [];
  return [`## ${severity.charAt(0).toUpperCase()}${severity.slice(1)}`, items.map(itemOf).join('\n')];
}

const itemOf = (finding: LocatedFinding) =>
  `- **${finding.title}** in \`${finding.function}\` (\`${placeOf(finding)}\`, ${finding.aspect}). ${finding.detail} ${finding.suggestion}`;

const placeOf = ({ path, line }: LocatedFinding) => `${path}:${line}`;
const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
