import { describeAction } from '../../core/scale';
import type { SwitchTurn } from '../../lambda/tuner/kill-switch';
import type {
  ExpiryChange,
  KeptEntry,
  LedgerAction,
  LedgerEntry,
  Seen,
  SeenSlack,
  Verdict,
} from '../../lambda/tuner/ledger';
import { tellTurn } from './switch-story';

/**
 * Tells in plain words what a tuner saw of a component, what it decided, why, and what came of it.
 *
 * @param entries at least one, oldest first
 * @param turns of its switch, oldest first, however old: that it is off now is always told
 */
export function ledgerStory(
  component: string,
  entries: readonly KeptEntry[],
  turns: readonly SwitchTurn[] = [],
): string {
  const first = entries[0]!;
  const last = entries.at(-1)!;
  const told = turns.filter((turn) => turn.at > first.at || (turn.isOff && turn === turns.at(-1)));
  const actions = entries.flatMap(({ entry }) => entry.actions);
  const counted = (status: LedgerAction['outcome']['status']) =>
    actions.filter(({ outcome }) => outcome.status === status).length;
  const counts = [
    `${entries.length} looks`,
    `${counted('done')} changes done`,
    ...(counted('refused') > 0 ? [`${counted('refused')} refused`] : []),
    ...(counted('forbidden') > 0 ? [`${counted('forbidden')} beyond the bounds`] : []),
    ...(counted('unknown') > 0 ? [`${counted('unknown')} without an answer`] : []),
    ...(counted('told') > 0 ? [`${counted('told')} recommendations`] : []),
  ];
  const inOrder = [
    ...chaptersOf(entries, told).map((chapter) => ({ at: chapter[0]!.at, text: tellChapter(chapter).join('\n') })),
    ...told.map((turn) => ({ at: turn.at, text: tellTurn(turn) })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  const title = `${component}, ${minuteOf(first)} to ${minuteOf(last)} UTC: ${counts.join(', ')}`;
  return paragraphs([title, ...inOrder.map(({ text }) => text)]);
}

/** Entries one after another with the same story: one in which something was done stands alone. */
function chaptersOf(entries: readonly KeptEntry[], turns: readonly SwitchTurn[]): readonly KeptEntry[][] {
  const chapters: KeptEntry[][] = [];
  for (const entry of entries) {
    const chapter = chapters.at(-1);
    const previous = chapter?.at(-1);
    const isTurned = previous && turns.some(({ at }) => at > previous.at && at < entry.at);
    if (chapter && previous && !isTurned && plotOf(previous) === plotOf(entry)) chapter.push(entry);
    else chapters.push([entry]);
  }
  return chapters;
}

/** Reasons without their numbers; unique where something was done. */
function plotOf({ at, entry, verdict }: KeptEntry): string {
  if (isActive(entry) || verdict) return at;
  return entry.reasons.join('\n').replaceAll(/\d+(\.\d+)?|∞/g, '#');
}

function tellChapter(chapter: readonly KeptEntry[]): string[] {
  const last = chapter.at(-1)!;
  const { entry, verdict } = last;
  const time =
    chapter.length === 1 ? minuteOf(last) : `${minuteOf(chapter[0]!)} to ${minuteOf(last)}, ${chapter.length} looks`;
  return [
    `${time}${entry.mode === 'dry-run' ? ', dry run' : ''}`,
    ...(entry.seen ? [indent(`saw      ${tellSeen(entry.seen)}`)] : []),
    ...entry.reasons
      .filter((reason) => !isToldAgain(reason, entry.actions))
      .map((reason) => indent(`because  ${reason}`)),
    ...entry.actions.map(({ action, outcome }) =>
      indent(`did      ${describeAction(action)}: ${outcome.status}${outcome.detail ? `, ${outcome.detail}` : ''}`),
    ),
    ...(entry.expiry ? [indent(`did      ${tellExpiry(entry.expiry)}`)] : []),
    ...(isActive(entry) ? [] : [indent('did      nothing')]),
    ...(verdict ? [indent(`later    ${tellVerdict(verdict)}`)] : []),
  ];
}

function isActive({ actions, expiry }: LedgerEntry): boolean {
  return actions.length > 0 || expiry !== undefined;
}

function tellExpiry(expiry: ExpiryChange): string {
  if (expiry === 'gone') return 'remove what was to take the raised minimum back';
  return `let the minimum return to ${expiry.copies} at ${minuteAt(expiry.atMs)} UTC, unless that is put off`;
}

/** The tuner says its actions among its reasons as well. */
function isToldAgain(reason: string, actions: readonly LedgerAction[]): boolean {
  return actions.some(({ action }) => describeAction(action) === reason);
}

function tellSeen(seen: Seen): string {
  const { requests, p95Ms, lowMs, highMs, concurrencyPerCopy, slack, serviceSeconds, waitShare = 0 } = seen;
  const latency =
    p95Ms === undefined || lowMs === undefined
      ? `no requests in ${minutesOf(seen)} min`
      : `P95 ${Math.round(p95Ms)} ms [${Math.round(lowMs)}, ${upTo(highMs)}] of ${Math.round(requests)} requests in ${minutesOf(seen)} min`;
  const load =
    concurrencyPerCopy === undefined
      ? `target ${seen.target}`
      : `concurrency ${concurrencyPerCopy.toFixed(1)} per copy at target ${seen.target}`;
  return [
    `${latency}, objective ${tellObjective(seen)}`,
    ...(slack ? [tellSlack(slack)] : []),
    load,
    ...(serviceSeconds === undefined ? [] : [`${serviceSeconds} s a call, ${Math.round(100 * waitShare)} % waiting`]),
    `${seen.copies} of ${seen.desiredCopies} copies, at least ${seen.minimumCopies}`,
  ].join('; ');
}

function tellSlack(slack: SeenSlack): string {
  const { p95Ms, highMs, requests } = slack;
  return `for slack P95 ${Math.round(p95Ms)} ms, at most ${upTo(highMs)}, of ${Math.round(requests)} requests in ${minutesOf(slack)} min`;
}

const minutesOf = ({ windowMs }: { readonly windowMs: number }) => Math.round(windowMs / 60_000);
const upTo = (highMs: number | null | undefined) => (highMs == null ? '∞' : Math.round(highMs));

function tellObjective({ objectiveMs, split }: Seen): string {
  const objective = `${Math.round(objectiveMs)} ms`;
  if (split === undefined) return objective;
  const share = `share of ${split.agent}'s`;
  return split.basis === 'proportional'
    ? `${objective} (${share}, in proportion)`
    : `${objective} (${share}, by cost; ${Math.round(split.proportionalMs)} in proportion)`;
}

function tellVerdict({ verdict, atMs, reason }: Verdict): string {
  return `${verdict} at ${timeOf(atMs)}: ${reason}`;
}

const minuteOf = ({ at }: Pick<KeptEntry, 'at'>) => at.slice(0, 16).replace('T', ' ');
const minuteAt = (atMs: number) => minuteOf({ at: new Date(atMs).toISOString() });
const paragraphs = (texts: readonly string[]) => `${texts.join('\n\n')}\n`;
const timeOf = (atMs: number) => new Date(atMs).toISOString().slice(11, 16);
const indent = (line: string) => `  ${line}`;
