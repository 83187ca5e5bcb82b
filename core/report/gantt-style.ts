import { type Markup, markup } from './markup';

/** Colours that are told apart in grey too: what waits is light, what works is dark. */
export const GANTT_STYLE: Markup = markup`<style>
svg { --page: #ffffff; --ink: #1c2430; --soft: #5b6675; --grid: #e4e8ee; --service: #2f6f9f; --wait: #c9d3de; --cold: #f0b35a; --critical: #b3261e; --calls: #8aa4b8; color-scheme: light dark; font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; }
@media (prefers-color-scheme: dark) {
svg { --page: #12171f; --ink: #e6ebf2; --soft: #9aa7b6; --grid: #273140; --service: #5aa9e0; --wait: #44525f; --cold: #c98a2b; --critical: #ff8a80; --calls: #5f7789; }
}
.page { fill: var(--page); }
text { fill: var(--ink); }
.heading { font-size: 18px; font-weight: 600; }
.id, .facts, .tick, .note { fill: var(--soft); font-size: 12px; }
.id { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 11px; }
.facts.failed, .row.failed .name { fill: var(--critical); }
.name.call { fill: var(--soft); font-size: 12px; }
.critical .name { font-weight: 600; }
.row.skipped .name, .row.stopped .name, .row.lost .name { fill: var(--soft); font-style: italic; }
.grid { stroke: var(--grid); }
.service { fill: var(--service); }
.wait { fill: var(--wait); }
.cold { fill: var(--cold); }
.calls { fill: var(--calls); }
.row.failed .service, .row.cancelled .service, .row.lost .service { opacity: 0.55; }
.outline { fill: none; stroke: var(--critical); stroke-width: 1.5; }
.row.failed:not(.critical) .outline { stroke-dasharray: 3 3; }
.link { fill: none; stroke: var(--critical); stroke-width: 1.5; }
.never { stroke: var(--soft); stroke-width: 2; }
</style>`;
