import { breakable, type Markup, markup } from '../../../core/report/markup';
import type { ExperimentResult } from '../../experiment/result';
import { medianSeed } from '../comparison-words';
import { decimal, intervalInWords, inWords, NONE, plain, signedPercent } from '../format';
import { capitalized, type Finding, seedsOf, verdictOf } from '../verdict';

/** Title, verdict and the primary endpoints at a glance. */
export function summary(result: ExperimentResult): Markup {
  const { scenario, workload } = result;
  const { headline, findings, objective, cautions } = verdictOf(result);
  const facts: [string, string][] = [
    ['requests', decimal(workload.requests, 0)],
    ['length', `${plain(workload.days)} days`],
    ['mean and peak rate', `${plain(workload.meanRps)} and ${plain(workload.peakRps)} per second`],
    ['variation of the gaps', plain(workload.gapVariation)],
    [
      'prompt, P50 and P95',
      `${decimal(workload.promptTokens.p50, 0)} and ${decimal(workload.promptTokens.p95, 0)} tokens`,
    ],
    [
      'output, P50 and P95',
      `${decimal(workload.outputTokens.p50, 0)} and ${decimal(workload.outputTokens.p95, 0)} tokens`,
    ],
    ['cells × seeds', `${result.cells.length} × ${seedsOf(result)}`],
  ];

  return markup`<header id="top">
<p class="kicker">Simulated experiment: static and modular infrastructure under matched conditions</p>
<h1>${scenario.name}</h1>
<p class="lead">${scenario.description}</p>
<section aria-labelledby="verdict"><h2 id="verdict">${headline}</h2>
${cautions.map((caution) => markup`<p class="caution"><strong>Caution</strong> ${caution}</p>`)}
<p>${findings.map(({ sentence }) => `${sentence} `)}${objective}</p>
<div class="cards">${findings.map(card)}</div></section>
<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

function card({ comparison }: Finding): Markup {
  const { name, of, against, change, isBounded, winner, statistic, unequal } = comparison;
  const outcome =
    winner === null ? (unequal === null ? 'undecided' : `nobody wins: ${unequal}`) : markup`${breakable(winner)} wins`;
  const middle = medianSeed(comparison);
  const spread =
    isBounded && change !== null && middle !== null
      ? markup`95${'\u00A0'}% interval ${intervalInWords(change)}<br/>${statistic === 'median' ? 'the median seed, by ranks' : `median seed ${inWords(middle)}`}`
      : 'no interval';
  return markup`<div class="card"><h3>${capitalized(name)}</h3>
<p class="figure-number">${change === null ? NONE : signedPercent(change.mean)}</p>
<p>${breakable(of)} against ${breakable(against)}</p>
<p class="minor">${spread}</p>
<p class="outcome">${outcome}</p></div>`;
}
