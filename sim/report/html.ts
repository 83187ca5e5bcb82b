import { type Markup, markup } from '../../core/report/markup';
import type { ExperimentResult } from '../experiment/result';
import { cascadesSection } from './section/cascades';
import { cellsSection } from './section/cells';
import { reproduceSection, threatsSection } from './section/closing';
import { comparisonsSection } from './section/comparisons';
import { conditionsSection } from './section/conditions';
import { decompositionSection } from './section/decomposition';
import { effectsSection } from './section/effects';
import { optimalitySection } from './section/optimality';
import { paretoSection } from './section/pareto';
import type { Section } from './section/section';
import { sensitivitySection } from './section/sensitivity';
import { seriesSection } from './section/series';
import { staticWinsSection } from './section/static-wins';
import { summary } from './section/summary';
import { throughputSection } from './section/throughput';
import { STYLE } from './style';

const SECTIONS: readonly ((result: ExperimentResult) => Section)[] = [
  conditionsSection,
  paretoSection,
  cellsSection,
  decompositionSection,
  effectsSection,
  comparisonsSection,
  seriesSection,
  cascadesSection,
  throughputSection,
  sensitivitySection,
  staticWinsSection,
  optimalitySection,
  threatsSection,
  reproduceSection,
];

/**
 * The report of an experiment as one HTML file that needs nothing else: no network, no fonts, no script.
 *
 * It is also well-formed XML after its first line. Equal results give equal files, to the last byte.
 */
export function renderHtml(result: ExperimentResult): string {
  const sections = SECTIONS.map((section) => section(result));
  const page = markup`<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
<link rel="icon" href="data:,"/>
<title>${result.scenario.name}: static and modular, compared</title>
<style>${STYLE}</style>
</head>
<body>
${PATTERNS}
<a class="skip" href="#conditions">Skip to the results</a>
<main>
${summary(result)}
<nav aria-label="Contents"><ul>${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${sections.map(
  ({ id, title, body }) => markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>
`,
)}</main>
</body>
</html>
`;
  return `<!doctype html>\n${page.markup}`;
}

/** Textures, for those who do not tell the colours apart. */
const PATTERNS: Markup = markup`<svg width="0" height="0" class="patterns" aria-hidden="true"><defs>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="texture" d="M0 0V6"/></pattern>
<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><circle class="texture-dot" cx="3" cy="3" r="1"/></pattern>
<pattern id="grid" width="5" height="5" patternUnits="userSpaceOnUse"><path class="texture" d="M0 0H5M0 0V5"/></pattern>
</defs></svg>`;
