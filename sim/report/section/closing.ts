import { markup } from '../../../core/report/markup';
import type { ExperimentResult } from '../../experiment/result';
import { absent, type Section } from './section';

export function threatsSection({ threats }: ExperimentResult): Section {
  return {
    id: 'threats',
    title: 'Threats to validity',
    body:
      threats.length === 0
        ? absent('This run states none.')
        : markup`<ul>${threats.map((threat) => markup`<li>${threat}</li>`)}</ul>`,
  };
}

export function reproduceSection({ madeBy }: ExperimentResult): Section {
  return {
    id: 'reproduce',
    title: 'How to reproduce',
    body: markup`<p>Equal seeds give equal results, to the last digit, on any machine.</p>
<pre tabindex="0"><code>${madeBy.command}</code></pre>
<p>Made by version ${madeBy.version} on ${madeBy.platform}.</p>`,
  };
}
