import type { ComponentState } from '../../core/scale';
import { isFlapping } from '../../core/scale/change-budget';
import { scalableResourceId } from '../../core/scale/scalable-target';
import { withoutWrite } from '../../core/scale/tuner/without-write';
import { type TunerDeployment, tunedGroups } from '../../core/scale/tuner-deployment';
import { RESERVED_PREFIX } from '../../core/scale/tuner-deployment-faults';
import { DAY_MS } from '../../core/time-units';
import { errorLike } from '../backends/error-like';
import { copyMetrics } from '../telemetry/copy-metrics';
import { currentKeeps } from './agent-keeps';
import type { LearnedCalls } from './agent-split';
import { currentSplits } from './agent-splits';
import { type Blind, type Look, lookAt } from './aws-look';
import { mapConcurrently } from './batches';
import { type KeptComponent, NEW_COMPONENT, type PendingTick } from './component-state';
import { EXPIRY_MS, isOvertaken, isRenewalDue } from './expiry';
import { foundOutcome } from './found-outcome';
import { type ExpiryChange, entryKey, type LedgerAction } from './ledger';
import { perform } from './perform';
import type { TunerServices } from './services';
import { STATE_SCHEMA } from './state-schema';
import { type DecidedComponent, tickGroup } from './tick-group';
import type { Stored } from './tuner-table';

/** What a tick has done, for its log. */
export interface TickSummary {
  /** `off` by its deployment; `switched off` by a person. */
  readonly status: 'done' | 'off' | 'switched off' | 'held by another';
  readonly components: number;
  /** Those about which nothing could be decided, although there is something to decide. */
  readonly blind: number;
  readonly done: number;
  readonly refused: number;
  /** Those whose target is left alone: somebody else changed it, or changes did not help. */
  readonly frozen: number;
  /** Those whose target goes up and down. */
  readonly flapping: number;
  /** Those that another tick has written in between: nothing was done about them. */
  readonly conflicts: number;
}

const NOTHING: Omit<TickSummary, 'status'> = {
  components: 0,
  blind: 0,
  done: 0,
  refused: 0,
  frozen: 0,
  flapping: 0,
  conflicts: 0,
};

const LEASE_KEY = `${RESERVED_PREFIX}tick`;

const WRITES_AT_ONCE = 32;

const LEDGER_DAYS = 90;

/** The answer to what is begun so late may not be heard any more. */
const LEASE_MARGIN_MS = 15_000;

/**
 * One tick over all components.
 *
 * What is decided is stored before it is done, as pending. So a tick that ends in between is known to the next one, which
 * tells from what is live whether it was done, and otherwise decides anew: nothing is done on an old observation.
 *
 * @param holder no two ticks have the same
 * @param leaseMs until when this tick has surely ended
 */
export async function tick(
  services: TunerServices,
  deployment: TunerDeployment,
  holder: string,
  leaseMs: number,
): Promise<TickSummary> {
  if (deployment.mode === 'off') return { ...NOTHING, status: 'off' };
  const { table, killSwitch, now } = services;
  if ((await killSwitch.lastTurn())?.isOff) return { ...NOTHING, status: 'switched off' };
  const nowMs = now();
  const untilMs = nowMs + leaseMs;
  if (!(await table.acquireLease(LEASE_KEY, holder, nowMs, untilMs))) return { ...NOTHING, status: 'held by another' };
  try {
    return await new Tick(services, deployment, nowMs, untilMs - LEASE_MARGIN_MS).run();
  } finally {
    await table.releaseLease(LEASE_KEY, holder);
  }
}

class Tick {
  constructor(
    private readonly services: TunerServices,
    private readonly deployment: TunerDeployment,
    private readonly nowMs: number,
    private readonly actUntilMs: number,
  ) {}

  async run(): Promise<TickSummary> {
    const { table } = this.services;
    const names = Object.keys(this.deployment.components);
    const stored = await table.states<KeptComponent>(names);
    const kept = new Map(names.map((name) => [name, stored.get(name)?.value ?? NEW_COMPONENT]));
    const [looks, splits, keeps] = await Promise.all([
      lookAt(this.services, this.deployment, kept, this.nowMs),
      currentSplits(this.services, this.deployment, learnedOf(kept), this.nowMs),
      currentKeeps(this.services, this.deployment, this.nowMs),
    ]);
    await mapConcurrently(names, WRITES_AT_ONCE, (name) =>
      this.#settle(name, kept.get(name)!.pending, looks.get(name)!),
    );

    const groups = tunedGroups(this.deployment).map((group) =>
      tickGroup(this.deployment, group, kept, splits, keeps, looks, this.nowMs).map((decided) =>
        withDropped(decided, stored.get(decided.component)?.otherSchema),
      ),
    );
    const versions = await this.#save(groups.flat(), stored);
    const standing = groups.filter((group) => group.every(({ component }) => versions.has(component))).flat();
    const done = await mapConcurrently(standing, WRITES_AT_ONCE, async (decided) => {
      const look = looks.get(decided.component)!;
      const results = await this.#act(decided, look);
      const { expiry, ...expiring } = await this.#keepExpiring(decided, results, look);
      const before = kept.get(decided.component)!;
      await this.#write(expiring, results, expiry, before, versions.get(decided.component)!);
      return results;
    });
    this.#publishCopies(looks);
    const count = (status: string) => done.flat().filter(({ outcome }) => outcome.status === status).length;
    return {
      status: 'done',
      components: names.length,
      blind: groups.flat().filter(({ isBlind }) => isBlind).length,
      done: count('done'),
      refused: count('refused') + count('forbidden') + count('unknown'),
      frozen: standing.filter(({ kept: { tuner } }) => tuner && isFrozen(tuner, this.nowMs)).length,
      flapping: standing.filter(({ kept: { tuner } }) => tuner && isFlapping(tuner.changes, this.nowMs)).length,
      conflicts: groups.flat().length - standing.length,
    };
  }

  #publishCopies(looks: ReadonlyMap<string, Look | Blind>): void {
    for (const [component, look] of looks) {
      if ('fault' in look) continue;
      const { inferenceComponentName } = this.deployment.components[component]!;
      this.services.publish(copyMetrics(inferenceComponentName, look.copies, this.nowMs));
    }
  }

  /** Writes down what became of a tick that ended before it could. */
  async #settle(component: string, pending: PendingTick | undefined, look: Look | Blind): Promise<void> {
    if (pending === undefined) return;
    const actions = pending.actions.map((action): LedgerAction => ({ action, outcome: foundOutcome(action, look) }));
    await this.services.table.addEntry(component, pending.at, { ...pending.entry, actions }, this.#expiresAtMs);
  }

  /** @returns the new versions of what was saved; another tick has written the others in between */
  async #save(
    decided: readonly DecidedComponent[],
    stored: ReadonlyMap<string, Stored<KeptComponent>>,
  ): Promise<ReadonlyMap<string, number>> {
    const versions = new Map<string, number>();
    await mapConcurrently(decided, WRITES_AT_ONCE, async ({ component, kept, actions, entry }) => {
      const pending = { at: entryKey(this.nowMs), actions, entry };
      const value: KeptComponent = actions.length > 0 ? { ...kept, pending } : kept;
      const version = await this.services.table.saveState(component, value, stored.get(component)?.version ?? 0);
      if (version !== undefined) versions.set(component, version);
    });
    return versions;
  }

  async #act({ component, actions }: DecidedComponent, look: Look | Blind): Promise<LedgerAction[]> {
    const { scaling, now } = this.services;
    const results: LedgerAction[] = [];
    for (const action of actions) {
      if ('fault' in look) throw new Error(`${component} was acted upon although it could not be seen`);
      const { policy, bounds } = look;
      const actedOn = {
        component: this.deployment.components[component]!,
        document: policy.document,
        bounds,
        minimumExpiresAtMs: this.#minimumExpiresAtMs,
      };
      const outcome =
        now() < this.actUntilMs
          ? await perform(scaling, action, actedOn)
          : { status: 'refused' as const, detail: 'the tick took too long' };
      results.push({ action, outcome });
    }
    return results;
  }

  /** Puts off that a raised minimum is taken back, while it is wanted; what another has set since is not taken back. */
  async #keepExpiring(
    decided: DecidedComponent,
    results: readonly LedgerAction[],
    look: Look | Blind,
  ): Promise<DecidedComponent & { readonly expiry?: ExpiryChange }> {
    const { kept } = decided;
    const tuned = this.deployment.components[decided.component]!;
    const returningTo = (baseline: number) =>
      withExpiry(decided, { atMs: this.#minimumExpiresAtMs, copies: Math.max(tuned.minCopies, baseline) });
    const done = results.find(({ action, outcome }) => action.type === 'set-minimum' && outcome.status === 'done');
    if (done?.action.type === 'set-minimum') {
      const { copies, baseline } = done.action;
      return copies > baseline ? returningTo(baseline) : withExpiry(decided, 'gone');
    }
    if (this.deployment.mode !== 'act') return decided;
    const { scaling } = this.services;
    try {
      if (isOvertaken(kept, look, this.nowMs)) {
        await scaling.keepMinimum(scalableResourceId(tuned));
        return withExpiry(decided, 'gone');
      }
      if (!isRenewalDue(kept, look, this.nowMs)) return decided;
      const renewed = returningTo(kept.tuner!.minimum!.baseline);
      await scaling.expireMinimum(scalableResourceId(tuned), renewed.expiry.copies, renewed.expiry.atMs);
      return renewed;
    } catch (error) {
      const { name = 'Error', message = '' } = errorLike(error);
      return withReason(decided, `the end of the raised minimum could not be put off: ${name}: ${message}`);
    }
  }

  /** The ledger, and with it that nothing is pending any more. */
  async #write(
    { component, kept, entry, judged }: DecidedComponent,
    results: readonly LedgerAction[],
    expiry: ExpiryChange | undefined,
    before: KeptComponent,
    version: number,
  ): Promise<void> {
    const { table } = this.services;
    const told = { ...entry, actions: results, ...(expiry && { expiry }) };
    await table.addEntry(component, entryKey(this.nowMs), told, this.#expiresAtMs);
    if (judged) await table.judgeEntry(component, judged.at, judged.verdict);
    const isExpiring = kept.minimumExpiresAtMs !== before.minimumExpiresAtMs;
    if (results.length > 0 || isExpiring) await table.saveState(component, afterwards(kept, before, results), version);
  }

  get #minimumExpiresAtMs(): number {
    return this.nowMs + EXPIRY_MS;
  }

  get #expiresAtMs(): number {
    return this.nowMs + (this.deployment.ledgerDays ?? LEDGER_DAYS) * DAY_MS;
  }
}

function learnedOf(kept: ReadonlyMap<string, KeptComponent>): ReadonlyMap<string, LearnedCalls> {
  return new Map(
    [...kept].flatMap(
      ([
        name,
        {
          tuner,
          history: { meanServiceSeconds },
        },
      ]) => (tuner ? [[name, { fit: tuner.fit, demand: tuner.demand, meanServiceSeconds }] as const] : []),
    ),
  );
}

function isFrozen({ frozenUntilMs = 0, policy }: ComponentState, nowMs: number): boolean {
  return nowMs < frozenUntilMs || policy.driftedAtMs !== undefined;
}

function withDropped(decided: DecidedComponent, otherSchema: string | undefined): DecidedComponent {
  if (otherSchema === undefined) return decided;
  const reason = `stored state of schema ${otherSchema} dropped, ${STATE_SCHEMA} is read here: what was learned begins anew`;
  return withReason(decided, reason);
}

function withExpiry<E extends ExpiryChange>(decided: DecidedComponent, expiry: E) {
  const { minimumExpiresAtMs: _, ...kept } = decided.kept;
  return { ...decided, kept: { ...kept, ...(expiry !== 'gone' && { minimumExpiresAtMs: expiry.atMs }) }, expiry };
}

function withReason(decided: DecidedComponent, reason: string): DecidedComponent {
  return { ...decided, entry: { ...decided.entry, reasons: [reason, ...decided.entry.reasons] } };
}

/** A policy that was not taken is not watched, and one beyond the bounds is not asked for again. */
function afterwards(kept: KeptComponent, before: KeptComponent, results: readonly LedgerAction[]): KeptComponent {
  const refused = results.find(
    ({ action, outcome }) =>
      (outcome.status === 'refused' || outcome.status === 'forbidden') &&
      (action.type === 'set-target' || action.type === 'restore-policy'),
  );
  if (refused === undefined || kept.tuner === undefined) return kept;
  const { restore, ...unwritten } = withoutWrite(kept.tuner, before.tuner ?? kept.tuner);
  const tuner = restore === undefined || refused.outcome.status === 'forbidden' ? unwritten : { ...unwritten, restore };
  const { changeAt: _, ...rest } = kept;
  return {
    ...rest,
    tuner,
    ...(tuner.canary && before.changeAt !== undefined && { changeAt: before.changeAt }),
  };
}
