import {
  type ComponentObservation,
  NO_TUNER_STATE,
  type OutcomeMinute,
  type TunerAction,
  type TunerState,
  tune,
} from '../../../../core/scale';
import { breach, configOf, MINUTE, observed, policyOf, START, slack, writer } from './fixture';

const config = configOf({ writer });

/** Outcomes of the minutes up to now; from the change on with more violations. */
function outcomes(nowMs: number, changedAtMs: number, violationsAfter: number): OutcomeMinute[] {
  return Array.from({ length: 60 }, (_, i) => {
    const startMs = nowMs - (i + 1) * MINUTE;
    return { startMs, requests: 100, violations: startMs >= changedAtMs ? violationsAfter : 1, rejects: 0 };
  });
}

/** A component whose policy takes what is written, unless writes are lost. */
class Live {
  state: TunerState = NO_TUNER_STATE;
  policy = policyOf(10);
  readonly actions: (TunerAction & { readonly minute: number })[] = [];
  reasons: readonly string[] = [];

  tick(minute: number, observation: (nowMs: number) => ComponentObservation, lostWrites = false) {
    const nowMs = START + minute * MINUTE;
    const decision = tune(this.state, { writer: { ...observation(nowMs), policy: this.policy } }, config, nowMs);
    this.state = JSON.parse(JSON.stringify(decision.state));
    this.reasons = decision.reasons;
    for (const action of decision.actions) {
      this.actions.push({ ...action, minute });
      if (lostWrites) continue;
      const { scaleOutCooldownSeconds, scaleInCooldownSeconds } = this.policy;
      if (action.type === 'set-target') this.policy = policyOf(action.to, 180, 900);
      if (action.type === 'restore-policy') {
        this.policy = {
          target: action.target,
          document: action.document,
          scaleOutCooldownSeconds,
          scaleInCooldownSeconds,
        };
      }
    }
  }

  ticks(from: number, to: number, observation: (nowMs: number) => ComponentObservation, lostWrites = false) {
    for (let minute = from; minute <= to; minute++) this.tick(minute, observation, lostWrites);
  }

  taken() {
    return this.actions.map(({ minute, type }) => [minute, type]);
  }
}

/** Raised at minute 2, with twenty in a hundred violations from then on. */
const CHANGED = START + 2 * MINUTE;
const worse = (nowMs: number) => observed(nowMs, { outcomes: outcomes(nowMs, CHANGED, 20) });
const good = (nowMs: number) => observed(nowMs, { outcomes: outcomes(nowMs, CHANGED, 1) });

function raised(): Live {
  const live = new Live();
  live.ticks(0, 2, slack);
  return live;
}

test('a raise that made matters worse is taken back after its watch, to the very document', () => {
  const live = raised();
  const before = policyOf(10).document;
  expect(live.policy.document).not.toBe(before);
  live.ticks(3, 12, worse);
  expect(live.taken()).toEqual([
    [2, 'set-target'],
    [12, 'restore-policy'],
  ]);
  expect(live.actions[1]).toMatchObject({ target: 10, document: before });
  expect(live.policy.document).toBe(before);
});

test.each([0, 15, 30, 59])('it is, though metrics come out late, by ticks %i s after the minute', (offsetSeconds) => {
  const newestOf = (nowMs: number) => Math.floor(nowMs / MINUTE) * MINUTE - MINUTE;
  const late = (nowMs: number) => worse(newestOf(nowMs));
  const live = new Live();
  live.ticks(0, 2, slack);
  for (let minute = 3; minute <= 20; minute++) live.tick(minute + offsetSeconds / 60, late);
  expect(live.taken().map(([, type]) => type)).toEqual(['set-target', 'restore-policy']);
});

test('a raise that did no harm stays', () => {
  const live = raised();
  live.ticks(3, 80, good);
  expect(live.taken()).toEqual([[2, 'set-target']]);
});

describe('while copies start', () => {
  const starting = (nowMs: number) => ({ ...worse(nowMs), copies: { desired: 4, inService: 3 } });

  test('a raise is not blamed for a load that grows', () => {
    const live = raised();
    live.ticks(3, 15, starting);
    expect(live.reasons).toContain('writer: copies were starting meanwhile: watched on');
    live.ticks(16, 80, good);
    expect(live.taken()).toEqual([[2, 'set-target']]);
  });

  test('one that made matters worse is taken back after a watch in which none did', () => {
    const live = raised();
    live.ticks(3, 6, starting);
    live.ticks(7, 16, worse);
    expect(live.taken()).toEqual([[2, 'set-target']]);
    live.tick(17, worse);
    expect(live.taken().at(-1)).toEqual([17, 'restore-policy']);
  });

  test('one is judged after three watches, if copies never rest', () => {
    const live = raised();
    live.ticks(3, 31, starting);
    expect(live.taken()).toEqual([[2, 'set-target']]);
    live.tick(32, starting);
    expect(live.taken().at(-1)).toEqual([32, 'restore-policy']);
  });
});

test('after a rollback the component is frozen for an hour, and then trusted half as far', () => {
  const live = raised();
  live.ticks(3, 12, worse);
  live.ticks(13, 71, breach);
  expect(live.reasons).toContain('writer: frozen for another 1 min');
  expect(live.actions).toHaveLength(2);
  live.tick(72, breach);
  expect(live.actions[2]).toMatchObject({ type: 'set-target', from: 10, to: 8.75 });
});

test('a rollback that was lost is asked for again', () => {
  const live = raised();
  live.ticks(3, 11, worse);
  live.tick(12, worse, true);
  live.ticks(13, 14, worse);
  expect(live.taken()).toEqual([
    [2, 'set-target'],
    [12, 'restore-policy'],
    [13, 'restore-policy'],
  ]);
  expect(live.policy.document).toBe(policyOf(10).document);
  expect(live.reasons).toContain('writer: P95 in [784, 816] ms, objective 1000 ms');
});

test('a raise that was lost is not watched as if it had happened to a policy of others', () => {
  const live = new Live();
  live.ticks(0, 1, slack);
  live.tick(2, slack, true);
  live.tick(3, good);
  expect(live.reasons).toContain('writer: the write of target 11 was lost');
});

test('a write that is not live yet, seconds later, is waited for', () => {
  const { state } = tune(NO_TUNER_STATE, { writer: breach(START) }, config, START);
  const early = tune(state, { writer: breach(START + 30_000) }, config, START + 30_000);
  expect(early.actions).toEqual([]);
  expect(early.reasons).toEqual(['writer: the last policy write is on its way']);
});

test('no verdict is given before the metrics of the whole watch are there', () => {
  const live = raised();
  const late = (nowMs: number) => ({ ...worse(nowMs), measuredAtMs: nowMs - 2 * MINUTE });
  live.ticks(5, 13, late);
  expect(live.reasons).toContain('writer: the metrics of the watched time are not complete');
  live.tick(14, late);
  expect(live.taken().at(-1)).toEqual([14, 'restore-policy']);
});

test('copies that a lower target added are not taken away while the load breaches the objective', () => {
  const live = new Live();
  live.tick(0, breach);
  const overloaded = (nowMs: number) =>
    breach(nowMs, { outcomes: outcomes(nowMs, START, 60), copies: { desired: 20, inService: 20 } });
  live.ticks(1, 30, overloaded);
  expect(live.taken().filter(([, type]) => type === 'restore-policy')).toEqual([]);
  expect(live.reasons).toContain('writer: the lower target stays while the load breaches the objective');
});

test('a lower target that made matters worse without load is taken back', () => {
  const live = new Live();
  live.tick(0, breach);
  live.ticks(1, 10, (nowMs) => observed(nowMs, { concurrencyPerCopy: 2, outcomes: outcomes(nowMs, START, 20) }));
  expect(live.taken()).toEqual([
    [0, 'set-target'],
    [10, 'restore-policy'],
  ]);
});

test('a rollback that would scale in waits for the burst guard', () => {
  const live = new Live();
  live.tick(0, breach);
  const harmed = (nowMs: number) =>
    observed(nowMs, { concurrencyPerCopy: 2, outcomes: outcomes(nowMs, START, 20), requestsPerSecond: 1 });
  live.ticks(1, 7, harmed);
  // Eight slots of 50 arrivals: beyond what 3 copies hold, and twice the target for a minute.
  live.tick(8, (nowMs) => ({
    ...harmed(nowMs),
    meanServiceSeconds: 2,
    arrivals: Array.from({ length: 8 }, (_, i) => ({ startMs: nowMs - (8 - i) * 10_000, count: 500 })),
    recentConcurrencyPerCopy: [16, 16, 16, 16, 16, 16],
  }));
  live.ticks(9, 17, harmed);
  expect(live.reasons).toContain('writer: no scale-in while the burst guard is active: the rollback waits');
  expect(live.taken()).not.toContainEqual([10, 'restore-policy']);
  live.tick(18, harmed);
  expect(live.taken()).toContainEqual([18, 'restore-policy']);
});

describe('a policy changed by hand', () => {
  test('is left alone until somebody acknowledges it', () => {
    const live = new Live();
    live.tick(0, observed);
    live.policy = policyOf(30);
    live.ticks(1, 90, breach);
    expect(live.taken()).toEqual([]);
    expect(live.reasons).toEqual(['writer: the policy was changed by another and not acknowledged yet']);

    live.tick(91, (nowMs) => breach(nowMs, { concurrencyPerCopy: 28, acknowledgedAtMs: START + 90 * MINUTE }));
    expect(live.actions).toMatchObject([{ type: 'set-target', from: 30, to: 22.5 }]);
  });

  test('is noticed even if the target is the same', () => {
    const live = new Live();
    live.tick(0, observed);
    live.policy = { ...live.policy, document: '{ "TargetValue": 10, "DisableScaleIn": true }' };
    live.tick(1, breach);
    expect(live.reasons).toEqual([
      'writer: the policy was changed by another: target 10, last written 10; frozen until acknowledged',
    ]);
  });

  test('is not rolled back over', () => {
    const live = raised();
    live.tick(3, worse);
    live.policy = policyOf(30);
    live.ticks(4, 60, worse);
    expect(live.taken()).toEqual([[2, 'set-target']]);
  });

  test('needs a new acknowledgement if it is changed again', () => {
    const live = new Live();
    live.tick(0, observed);
    live.policy = policyOf(30);
    const acknowledged = (nowMs: number) => breach(nowMs, { concurrencyPerCopy: 28, acknowledgedAtMs: START + MINUTE });
    live.tick(1, observed);
    live.policy = policyOf(31);
    live.ticks(2, 10, acknowledged);
    expect(live.taken()).toEqual([]);
  });
});

describe('a policy that a deployment changes', () => {
  const deployedAt = (target: number, scaleOutCooldownSeconds = 180) => ({
    target,
    scaleOutCooldownSeconds,
    scaleInCooldownSeconds: 900,
  });
  const by =
    (deployed: NonNullable<ComponentObservation['deployed']>, from = observed) =>
    (nowMs: number) =>
      from(nowMs, { deployed, concurrencyPerCopy: 28 });

  test('is tuned on from what it has set, with the next tick', () => {
    const live = new Live();
    live.tick(0, by(deployedAt(10)));
    live.policy = policyOf(30);
    live.tick(1, by(deployedAt(30)));
    expect(live.reasons).toEqual(['writer: a deployment has set the target to 30: tuned on from there']);
    live.tick(2, by(deployedAt(30), breach));
    expect(live.actions).toMatchObject([{ type: 'set-target', from: 30, to: 22.5 }]);
  });

  test('may change before or after the tuner is told of it', () => {
    const before = new Live();
    before.tick(0, by(deployedAt(10)));
    before.policy = policyOf(30);
    before.ticks(1, 3, by(deployedAt(10), breach));
    expect(before.taken()).toEqual([]);
    before.ticks(4, 5, by(deployedAt(30), breach));
    expect(before.taken()).toEqual([[5, 'set-target']]);

    const after = new Live();
    after.ticks(0, 2, by(deployedAt(10)));
    after.ticks(3, 4, by(deployedAt(30)));
    after.policy = policyOf(30);
    after.ticks(5, 6, by(deployedAt(30), breach));
    expect(after.taken()).toEqual([[6, 'set-target']]);
  });

  test('may change its cooldowns alone', () => {
    const live = new Live();
    live.tick(0, by(deployedAt(10)));
    live.policy = policyOf(10, 60);
    live.ticks(1, 2, by(deployedAt(10, 60), breach));
    expect(live.taken()).toEqual([[2, 'set-target']]);
  });

  test('is not rolled back over', () => {
    const live = raised();
    live.tick(3, (nowMs) => ({ ...worse(nowMs), deployed: deployedAt(10) }));
    live.policy = policyOf(30);
    live.ticks(4, 60, (nowMs) => ({ ...worse(nowMs), deployed: deployedAt(30) }));
    expect(live.taken()).toEqual([[2, 'set-target']]);
  });

  test("is somebody else's if it is none that was deployed just now", () => {
    const live = new Live();
    live.tick(0, by(deployedAt(10)));
    live.policy = policyOf(20);
    live.ticks(1, 10, by(deployedAt(30), breach));
    expect(live.taken()).toEqual([]);

    const byHand = new Live();
    byHand.policy = policyOf(8);
    byHand.tick(0, by(deployedAt(10)));
    byHand.policy = policyOf(10);
    byHand.ticks(1, 10, by(deployedAt(10), breach));
    expect(byHand.taken()).toEqual([]);
  });
});
