import { type Markup, markup } from '../../core/report/markup';

/**
 * Colours of the sides and parts are told apart with any colour vision (after Okabe and Ito), and stand out from both
 * backgrounds by 3 to 1, text by 4.5 to 1 (WCAG 2.2, AA).
 */
const COLOURS = markup`
:root {
  color-scheme: light dark;
  --page: #ffffff; --raised: #f5f7f9; --line: #d5dbe2; --grid: #e7ebef; --text: #18202a; --minor: #55616f; --link: #0a5aa8;
  --good: #14693a; --bad: #a82a12; --caution: #fff4d6; --caution-line: #b27b00;
  --side0: #b34a00; --side1: #0067b1; --side2: #1d7d52; --side3: #8a4b9c;
  --part0: #bd7a00; --part1: #0067b1; --part2: #3b9cdc; --part3: #b5558f; --part4: #808993; --texture: #ffffffb0;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #11161d; --raised: #1a212b; --line: #37424f; --grid: #252e39; --text: #e8edf3; --minor: #a3afbd; --link: #7dbbff;
    --good: #6fd39b; --bad: #ff9580; --caution: #33290f; --caution-line: #d7a02a;
    --side0: #f29a55; --side1: #62b0f5; --side2: #58c998; --side3: #cf9ae0;
    --part0: #e6a52e; --part1: #3f8fd6; --part2: #8fd0ff; --part3: #e08fbe; --part4: #9aa4af; --texture: #0a0e13a0;
  }
}`;

const PAGE = markup`
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 40px 32px 72px; }
.patterns { position: absolute; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 8px; padding: 4px 12px; background: var(--page); }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 2.1rem; letter-spacing: -0.015em; }
h2 { margin: 0 0 12px; font-size: 1.4rem; letter-spacing: -0.01em; scroll-margin-top: 16px; }
h3 { margin: 0 0 4px; font-size: 1rem; }
h3 small { display: block; font-weight: 400; color: var(--minor); }
p, li { max-width: 74ch; overflow-wrap: anywhere; }
p { margin: 0 0 12px; }
li { margin-bottom: 6px; }
main > section { margin-top: 56px; }
.kicker { margin-bottom: 6px; color: var(--minor); font-size: 0.875rem; }
.lead { margin: 8px 0 32px; font-size: 1.1rem; color: var(--minor); }
.caution { padding: 8px 14px; border-left: 4px solid var(--caution-line); background: var(--caution); }
.absent { color: var(--minor); font-style: italic; }
.minor { color: var(--minor); font-size: 0.875rem; }
.good { color: var(--good); white-space: nowrap; }
.bad { color: var(--bad); font-weight: 600; white-space: nowrap; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 16px; margin: 20px 0; }
.card { padding: 18px 20px; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }
.card p { margin: 0 0 4px; }
.card .figure-number { margin: 2px 0 4px; font-size: 2.5rem; line-height: 1.15; font-weight: 650; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.card .outcome { margin-top: 10px; font-weight: 600; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 12px 24px; margin: 20px 0; }
.facts dt { color: var(--minor); font-size: 0.8125rem; }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
nav { margin-top: 28px; padding: 14px 0; border: solid var(--line); border-width: 1px 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 0; padding: 0; list-style: none; font-size: 0.9rem; }
nav li { margin: 0; }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace; font-size: 0.875em; }
pre { padding: 14px 16px; border-radius: 8px; background: var(--raised); border: 1px solid var(--line); overflow-x: auto; }
td code { overflow-wrap: anywhere; }`;

const TABLES = markup`
.scroll {
  overflow-x: auto; margin: 16px 0; background:
  linear-gradient(90deg, var(--page) 30%, transparent) 0 0 / 40px 100% local, linear-gradient(270deg, var(--page) 30%, transparent) 100% 0 / 40px 100% local,
  linear-gradient(90deg, var(--line), transparent) 0 0 / 12px 100% scroll, linear-gradient(270deg, var(--line), transparent) 100% 0 / 12px 100% scroll;
  background-repeat: no-repeat;
}
table { border-collapse: collapse; width: 100%; font-size: 0.8125rem; line-height: 1.4; }
caption { padding-bottom: 8px; text-align: left; color: var(--minor); font-size: 0.875rem; }
th, td { padding: 7px 8px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:first-child, td:first-child { padding-left: 0; }
thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; font-size: 0.8125rem; color: var(--minor); }
tbody th { font-weight: 600; min-width: 11em; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
td small, th small { display: block; color: var(--minor); font-size: 0.6875rem; font-weight: 400; }
.prose { display: block; min-width: 16em; }
details { margin: 8px 0 16px; }
summary { cursor: pointer; color: var(--link); font-size: 0.875rem; }
.meter { width: 110px; height: 8px; margin-right: 10px; vertical-align: baseline; }
.beside-meter { display: inline-block; min-width: 4.6em; }
.rail { fill: var(--grid); } .fill { fill: var(--side1); }`;

const CHARTS = markup`
figure { margin: 0; }
figcaption { margin-top: 12px; max-width: 80ch; color: var(--minor); font-size: 0.875rem; overflow-wrap: anywhere; }
.panels { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 28px 32px; }
.chart svg { display: block; width: 100%; height: auto; }
.chart .phone, .cell-key { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 12px; padding: 0; list-style: none; font-size: 0.875rem; }
.legend li { display: flex; align-items: center; gap: 7px; margin: 0; }
.key { width: 16px; height: 16px; }
.chart text { font-size: 12.5px; fill: var(--text); }
.chart .tick, .chart .minor { fill: var(--minor); }
.chart .tick { font-size: 12px; font-variant-numeric: tabular-nums; }
.chart .minor { font-size: 11.5px; }
.chart .strong { font-weight: 650; }
.halo { paint-order: stroke; stroke: var(--page); stroke-width: 3.5px; stroke-linejoin: round; }
path { fill: none; }
.grid { stroke: var(--grid); } .axis { stroke: var(--minor); } .zero { stroke: var(--text); stroke-width: 1.3; }
.side0 { --side: var(--side0); } .side1 { --side: var(--side1); } .side2 { --side: var(--side2); } .side3 { --side: var(--side3); }
.dot { fill: var(--side); fill-opacity: 0.4; }
.mean { fill: var(--side); stroke: var(--page); stroke-width: 1.5; }
.unreached { stroke: var(--bad); stroke-width: 1.5; }
.front { stroke: var(--text); stroke-width: 1.6; }
.objective { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 7 4; }
.bound { stroke: var(--minor); stroke-dasharray: 2 3; } .infeasible { fill: var(--grid); fill-opacity: 0.75; }
.leader { stroke: var(--minor); stroke-width: 0.8; }
.part0 { fill: var(--part0); } .part1 { fill: var(--part1); } .part2 { fill: var(--part2); } .part3 { fill: var(--part3); } .part4 { fill: var(--part4); }
.texture { stroke: var(--texture); stroke-width: 2; } .texture-dot { fill: var(--texture); }
.cut { stroke: var(--page); stroke-width: 3; }
.whisker { stroke: var(--text); stroke-width: 1.4; } 
.estimate { fill: var(--text); } .estimate.hollow { fill: var(--page); stroke: var(--text); stroke-width: 1.5; }
.seed { fill: var(--side1); fill-opacity: 0.55; }
.load { fill: var(--minor); fill-opacity: 0.3; stroke: var(--minor); stroke-width: 0.8; }
.in-service { stroke: var(--side); stroke-width: 1.8; } .desired { stroke: var(--text); stroke-width: 1.1; stroke-dasharray: 3 2.5; }
.at-low { fill: var(--page); stroke: var(--side1); stroke-width: 1.2; } .at-high { fill: var(--side1); stroke: var(--side1); stroke-width: 1.2; }
.base { stroke: var(--text); stroke-width: 2; }`;

const PHONE = markup`
@media screen and (max-width: 820px) {
  main { padding: 24px 16px 48px; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; }
  main > section { margin-top: 44px; }
  .panels { grid-template-columns: minmax(0, 1fr); }
  .chart .desk { display: none; }
  .chart .phone { display: block; max-width: 460px; }
  .cell-key { display: block; columns: 2; column-gap: 2.8em; margin: 12px 0 0; padding-left: 2em; font-size: 0.75rem; }
  tbody th { min-width: 8em; }
  .facts { grid-template-columns: repeat(auto-fill, minmax(135px, 1fr)); }
  .cell-key li { overflow-wrap: anywhere; margin: 0 0 2px; }
  .card .figure-number { font-size: 2.1rem; }
}`;

const PRINT = markup`
@page { margin: 14mm; }
@media print {
  main { max-width: none; padding: 0; }
  body { font-size: 10pt; }
  nav, .skip, summary { display: none; }
  .scroll { overflow: visible; }
  tr, .card, .panels > div, h2, h3 { break-inside: avoid; } h2, h3, .legend { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`;

export const STYLE: Markup = markup`${COLOURS}${PAGE}${TABLES}${CHARTS}${PHONE}${PRINT}
`;
