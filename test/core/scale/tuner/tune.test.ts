import {
  type ComponentObservation,
  NO_TUNER_STATE,
  type TunerConfig,
  type TunerState,
  tune,
} from '../../../../core/scale';
import { zeroablePrices } from '../../../../core/scale/tuner/config';
import { actionsOfType, band, breach, configOf, MINUTE, observed, policyOf, START, slack, writer } from './fixture';

const config = configOf({ writer });

/** Ticks every minute with observations by minute; answers the last decision and every action, with its minute. */
function run(
  minutes: number,
  observe: (nowMs: number, minute: number) => ComponentObservation,
  from: TunerState = NO_TUNER_STATE,
  used: TunerConfig = config,
  firstMinute = 0,
) {
  let state = from;
  const taken: { minute: number; type: string }[] = [];
  let last = tune(state, {}, configOf({}), START - 1);
  for (let minute = firstMinute; minute < firstMinute + minutes; minute++) {
    const nowMs = START + minute * MINUTE;
    last = tune(state, { writer: observe(nowMs, minute) }, used, nowMs);
    state = JSON.parse(JSON.stringify(last.state));
    taken.push(...last.actions.map((action) => ({ minute, type: action.type })));
  }
  return { state, last, taken };
}

test('a breach caused by load lowers the target by a quarter at most, and says why', () => {
  const { actions, reasons } = tune(NO_TUNER_STATE, { writer: breach(START) }, config, START);
  const why = [
    'P95 in [1960, 2040] ms, objective 1000 ms',
    'caused by load: concurrency 9 at target 10',
    'no usable fit yet (1 levels of load): square root of 850 / 2000 ms',
  ];
  expect(actions).toEqual([
    {
      type: 'set-target',
      component: 'writer',
      from: 10,
      to: 7.5,
      cooldowns: { scaleOutCooldownSeconds: 180, scaleInCooldownSeconds: 900 },
      reasons: why,
    },
  ]);
  expect(reasons).toEqual([...why.map((reason) => `writer: ${reason}`), 'writer: set the target from 10 to 7.5']);
});

test('a breach that load does not explain changes nothing', () => {
  const idle = breach(START, { concurrencyPerCopy: 2 });
  const { actions, reasons } = tune(NO_TUNER_STATE, { writer: idle }, config, START);
  expect(actions).toEqual([]);
  expect(reasons[1]).toContain('not capacity');
});

test('a breach is not the fault of the target while copies start, nor as long as it was measured then', () => {
  const { taken, last } = run(11, (nowMs, minute) =>
    breach(nowMs, { copies: { desired: 5, inService: minute < 6 ? 3 : 5 } }),
  );
  expect(taken).toEqual([{ minute: 10, type: 'set-target' }]);
  expect(last.reasons).toContain('writer: set the target from 10 to 7.5');
  const { reasons } = tune(
    NO_TUNER_STATE,
    { writer: breach(START, { copies: { desired: 5, inService: 3 } }) },
    config,
    START,
  );
  expect(reasons).toContain(
    'writer: the latency was measured in part while copies were starting: more are on their way, or have just come',
  );
});

test('three ticks of slack in a row raise the target by a tenth at most', () => {
  const { taken, last } = run(3, (nowMs) => slack(nowMs));
  expect(taken).toEqual([{ minute: 2, type: 'set-target' }]);
  expect(last.actions).toMatchObject([{ from: 10, to: 11 }]);
  expect(last.reasons).toContain('writer: P95 in [294, 306] ms, objective 1000 ms');
});

test('slack that is interrupted does not count', () => {
  const { taken } = run(6, (nowMs, minute) => (minute === 2 ? observed(nowMs) : slack(nowMs)), undefined, undefined);
  expect(taken).toEqual([{ minute: 5, type: 'set-target' }]);
});

test('slack that only a short window shows is not proven', () => {
  expect(run(30, (nowMs) => slack(nowMs, { slackEvidence: undefined })).taken).toEqual([]);
});

test('a P95 above 70 % of the objective is raised where the load adds little to it', () => {
  // 750 + 0.5 C: a tenth more concurrency adds a thousandth to it.
  const { taken } = run(20, (nowMs, minute) => {
    const concurrencyPerCopy = 1 + (minute % 10);
    const latency = band(750 + 0.5 * concurrencyPerCopy);
    return slack(nowMs, { concurrencyPerCopy, latency, slackEvidence: { windowMs: 5 * MINUTE, latency } });
  });
  expect(taken[0]).toEqual({ minute: 2, type: 'set-target' });
});

describe('where whole copies leave a target unfilled', () => {
  /** By what is learned first, 300 + 40 C ms, 13.75 calls at once take the 850 ms that are aimed at. */
  const raisesOf = (target: number, concurrencyPerCopy: number, isMeasured = true) => {
    const at = (concurrency: number) => ({
      policy: policyOf(target),
      concurrencyPerCopy: concurrency,
      latency: band(300 + 40 * concurrency),
    });
    const learned = run(10, (nowMs, minute) => observed(nowMs, at(1 + minute)));
    expect(learned.taken).toEqual([]);
    const calm = (nowMs: number) => {
      const seen = at(concurrencyPerCopy);
      const slackEvidence = { windowMs: 5 * MINUTE, latency: seen.latency };
      const { concurrencyPerCopy: measured, ...rest } = observed(nowMs, { ...seen, slackEvidence });
      return isMeasured ? { ...rest, concurrencyPerCopy: measured! } : rest;
    };
    const { last } = run(3, calm, learned.state, config, 10);
    return actionsOfType(last.actions, 'set-target').map(({ to }) => to);
  };

  test('it is raised beyond the concurrency that the line allows', () => {
    expect(raisesOf(14, 0.8 * 14)).toEqual([15.4]);
  });

  test('but not if it is not known how far they are filled', () => {
    expect(raisesOf(14, 0.8 * 14, false)).toEqual([]);
  });

  test('but not by what is left unfilled for want of load', () => {
    expect(raisesOf(17.2, 2)).toEqual([]);
  });
});

test('latency from before the last change proves no slack after it', () => {
  const policyAt = (minute: number) => policyOf(minute < 3 ? 10 : 11);
  const { taken } = run(62, (nowMs, minute) =>
    slack(nowMs, {
      policy: policyAt(minute),
      slackEvidence: { windowMs: 60 * MINUTE, latency: band(300) },
      outcomes: Array.from({ length: 60 }, (_, i) => ({
        startMs: nowMs - (i + 1) * MINUTE,
        requests: 100,
        violations: 0,
        rejects: 0,
      })),
    }),
  );
  expect(taken).toEqual([{ minute: 2, type: 'set-target' }]);
});

test.each([0, 1, 3])('at its minimum of %i copies a component is not raised', (minCopies) => {
  const desired = Math.max(1, minCopies);
  const { taken, last } = run(
    30,
    (nowMs) => slack(nowMs, { copies: { desired, inService: desired }, minimumCopies: minCopies }),
    NO_TUNER_STATE,
    configOf(
      { writer: { ...writer, minCopies } },
      { mechanisms: { targets: true, forecastFloor: false, burstGuard: false, shortWindows: false } },
    ),
  );
  expect(taken).toEqual([]);
  expect(last.reasons).toContain(`writer: already at its minimum of ${minCopies} copies: a higher target saves none`);
});

test('a target far too high is lowered by what the fit says, though it is not reached', () => {
  const learning = run(10, (nowMs, minute) =>
    observed(nowMs, {
      policy: policyOf(48),
      latency: band(300 + 50 * (2 + minute)),
      concurrencyPerCopy: 2 + minute,
    }),
  );
  const { actions, reasons } = tune(
    learning.state,
    { writer: breach(START + 10 * MINUTE, { policy: policyOf(48), latency: band(1200), concurrencyPerCopy: 18 }) },
    config,
    START + 10 * MINUTE,
  );
  expect(actions).toMatchObject([{ type: 'set-target', from: 48, to: 36 }]);
  expect(reasons).toContain('writer: caused by load: 75 % of the P95 comes with concurrency');
});

test.each([
  ['holds its objective', {}],
  ['has too few requests', { latency: { ...band(5000), count: 59 } }],
  ['has no requests', { latency: undefined }],
])('a component that %s is left alone', (_, more) => {
  expect(run(30, (nowMs) => observed(nowMs, more)).taken).toEqual([]);
});

test('at its maximum a lower target adds no copies: a larger maximum is recommended, once', () => {
  const { taken, last } = run(10, (nowMs) => breach(nowMs, { copies: { desired: 20, inService: 20 } }));
  expect(taken).toEqual([{ minute: 0, type: 'recommend-maximum' }]);
  expect(last.reasons).toContain('writer: already at its maximum of 20 copies: a lower target adds none');
});

test('a target is not raised while copies refuse calls, however much time is left', () => {
  const { taken, last } = run(10, (nowMs) => slack(nowMs, { rejects: 50 }));
  expect(taken).toEqual([]);
  expect(last.reasons).toContain('writer: copies refuse 5 % of the calls: a higher target would have them refuse more');
  expect(run(10, (nowMs) => slack(nowMs, { rejects: 9 })).taken[0]).toMatchObject({ type: 'set-target' });
});

test('no larger maximum is recommended while copies have room to spare: the target is too low', () => {
  const copies = { desired: 20, inService: 20 };
  const { taken } = run(10, (nowMs) => slack(nowMs, { copies }));
  expect(taken[0]).toMatchObject({ type: 'set-target' });
  expect(taken.filter(({ type }) => type === 'recommend-maximum')).toEqual([]);
  // What was recommended before is not recommended again once they have none.
  const { state } = run(1, (nowMs) => breach(nowMs, { copies }));
  const calm = run(3, (nowMs) => slack(nowMs, { copies }), state, config, 1);
  expect(run(1, (nowMs) => breach(nowMs, { copies }), calm.state, config, 4).taken).toEqual([]);
});

test('a fit that no number of copies can satisfy recommends a faster instance, once', () => {
  const { taken } = run(30, (nowMs, minute) => {
    const concurrency = 1 + (minute % 10) / 2;
    return observed(nowMs, { latency: band(1200 + 10 * concurrency), concurrencyPerCopy: concurrency });
  });
  expect(taken.filter(({ type }) => type === 'recommend-instance')).toHaveLength(1);
});

describe('of several components', () => {
  const two = configOf({ planner: { ...writer, criticality: 0.1 }, writer });

  test('the most critical one is changed, the others wait', () => {
    const { actions, reasons } = tune(NO_TUNER_STATE, { planner: breach(START), writer: breach(START) }, two, START);
    expect(actions.map(({ component }) => component)).toEqual(['writer']);
    expect(reasons).toContain('planner: waits, writer matters more');
  });

  test('the one that waited is next', () => {
    const first = tune(NO_TUNER_STATE, { planner: breach(START), writer: breach(START) }, two, START);
    const later = START + MINUTE;
    const observation = { planner: breach(later), writer: breach(later, { policy: policyOf(7.5) }) };
    const { actions } = tune(first.state, observation, two, later);
    expect(actions.map(({ component }) => component)).toEqual(['planner']);
  });

  test('the cheaper cure of two that are alike goes first', () => {
    const dear = { ...writer, pricePerCopyHourUsd: 3 };
    const { actions } = tune(
      NO_TUNER_STATE,
      { dear: breach(START), cheap: breach(START) },
      configOf({ dear, cheap: writer }),
      START,
    );
    expect(actions.map(({ component }) => component)).toEqual(['cheap']);
  });

  test('of two breaches the one goes first of which load is the larger part', () => {
    // Lines of 400 + 80 C and 100 + 110 C ms: both take 1200 ms at ten calls at once.
    const learnt = (interceptMs: number, slopeMs: number, nowMs: number, concurrencyPerCopy: number) =>
      observed(nowMs, { latency: band(interceptMs + slopeMs * concurrencyPerCopy), concurrencyPerCopy });
    const alike = configOf({ flat: { ...writer, objectiveMs: 5000 }, steep: { ...writer, objectiveMs: 5000 } });
    let state = NO_TUNER_STATE;
    for (let minute = 0; minute < 10; minute++) {
      const nowMs = START + minute * MINUTE;
      const observation = { flat: learnt(400, 80, nowMs, 1 + minute), steep: learnt(100, 110, nowMs, 1 + minute) };
      state = tune(state, observation, alike, nowMs).state;
    }
    const nowMs = START + 10 * MINUTE;
    const strict = configOf({ flat: { ...writer, objectiveMs: 1000 }, steep: { ...writer, objectiveMs: 1000 } });
    const both = { flat: learnt(400, 80, nowMs, 10), steep: learnt(100, 110, nowMs, 10) };
    expect(tune(state, both, strict, nowMs).actions.map(({ component }) => component)).toEqual(['steep']);
  });

  test('of two breaches that are alike the one with fewer copies goes first: it costs less', () => {
    const copies = (n: number) => ({ copies: { desired: n, inService: n } });
    const observation = { large: breach(START, copies(6)), small: breach(START, copies(2)) };
    const { actions } = tune(NO_TUNER_STATE, observation, configOf({ large: writer, small: writer }), START);
    expect(actions.map(({ component }) => component)).toEqual(['small']);
  });

  test('safety goes before savings', () => {
    let state = NO_TUNER_STATE;
    for (let minute = 0; minute < 2; minute++) {
      const nowMs = START + minute * MINUTE;
      state = tune(state, { planner: observed(nowMs), writer: slack(nowMs) }, two, nowMs).state;
    }
    const nowMs = START + 2 * MINUTE;
    const { actions } = tune(state, { planner: breach(nowMs), writer: slack(nowMs) }, two, nowMs);
    expect(actions).toMatchObject([{ component: 'planner', from: 10, to: 7.5 }]);
  });

  test('of savings the one that costs the objective least goes first', () => {
    let state = NO_TUNER_STATE;
    let last = tune(state, {}, configOf({}), START);
    for (let minute = 0; minute < 3; minute++) {
      const nowMs = START + minute * MINUTE;
      last = tune(state, { planner: slack(nowMs), writer: slack(nowMs) }, two, nowMs);
      state = last.state;
    }
    expect(last.actions.map(({ component }) => component)).toEqual(['planner']);
  });
});

test('the same tick again does nothing and changes nothing', () => {
  const observation = { writer: breach(START) };
  const { state } = tune(NO_TUNER_STATE, observation, config, START);
  expect(tune(state, observation, config, START)).toEqual({
    state,
    actions: [],
    reasons: ['this tick is done already'],
  });
  expect(tune(state, observation, config, START - MINUTE).actions).toEqual([]);
});

test('a decision depends on nothing but its arguments', () => {
  const decide = () => tune(NO_TUNER_STATE, { writer: breach(START) }, config, START);
  expect(decide()).toEqual(decide());
});

test('a second tuner seconds later finds no fresh data', () => {
  const { state } = tune(NO_TUNER_STATE, { writer: breach(START) }, config, START);
  const { actions, reasons } = tune(state, { writer: breach(START) }, config, START + 2000);
  expect({ actions, reasons }).toEqual({ actions: [], reasons: ['writer: no metrics since the last tick'] });
});

describe('dry run', () => {
  const dry = configOf({ writer }, { mode: 'dry-run' });

  test('tells with every tick what it would do, and asks for nothing', () => {
    const { taken, last } = run(10, (nowMs) => breach(nowMs), undefined, dry);
    expect(taken).toEqual([]);
    expect(last.reasons).toContain('writer: dry run: would set the target from 10 to 7.5');
  });

  test('leaves nothing behind that looks like a change', () => {
    const { state } = run(10, (nowMs) => breach(nowMs), undefined, dry);
    expect(state.components.writer).toMatchObject({ changes: { writesMs: [] } });
    const acting = tune(state, { writer: breach(START + 10 * MINUTE) }, config, START + 10 * MINUTE);
    expect(acting.actions).toMatchObject([{ type: 'set-target', to: 7.5 }]);
  });
});

test('a dry run remembers the minimum that was written before it', () => {
  const { state } = run(1, (nowMs) => observed(nowMs, { requestsPerSecond: 42 }));
  const nowMs = START + MINUTE;
  const raised = observed(nowMs, { requestsPerSecond: 42, minimumCopies: 5 });
  const dry = tune(state, { writer: raised }, configOf({ writer }, { mode: 'dry-run' }), nowMs);
  expect(dry.state.components.writer!.minimum).toEqual({
    copies: 5,
    replaced: 1,
    baseline: 1,
    atMs: START,
  });
});

test.each([{ minTarget: 8, maxTarget: 8 }, { minCopies: 3, maxCopies: 3 }, { criticality: 0 }, { criticality: 1 }])(
  'a configuration of %j is one',
  (bounds) => {
    expect(tune(NO_TUNER_STATE, {}, configOf({ writer: { ...writer, ...bounds } }), START).actions).toEqual([]);
  },
);

test('only a component that may be at zero copies has a price of being kept', () => {
  const prices = zeroablePrices({ writer, spare: { minCopies: 0, pricePerCopyHourUsd: 3 } });
  expect(prices).toEqual({ spare: 3 });
});

describe('what was recommended', () => {
  const full = { copies: { desired: 20, inService: 20 } };
  const dry = configOf({ writer }, { mode: 'dry-run' });

  test('is said in a dry run as long as it holds, because nobody was told', () => {
    const { last } = run(10, (nowMs) => breach(nowMs, full), undefined, dry);
    expect(last.reasons.filter((reason) => reason.includes('dry run: would recommend'))).toHaveLength(1);
    expect(last.state.components.writer!.recommendedMaximum).toBeUndefined();
  });

  test('before a dry run is still known after it', () => {
    const { state, taken } = run(1, (nowMs) => breach(nowMs, full));
    expect(taken).toEqual([{ minute: 0, type: 'recommend-maximum' }]);
    const after = run(5, (nowMs) => breach(nowMs, full), state, dry, 1);
    expect(after.state.components.writer!.recommendedMaximum).toBe(state.components.writer!.recommendedMaximum);
    expect(run(5, (nowMs) => breach(nowMs, full), after.state, config, 6).taken).toEqual([]);
  });
});

test('switched off it does nothing and forgets nothing', () => {
  const { state } = run(3, (nowMs) => observed(nowMs));
  const nowMs = START + 5 * MINUTE;
  const off = tune(state, { writer: breach(nowMs) }, configOf({ writer }, { mode: 'off' }), nowMs);
  expect(off).toEqual({ state, actions: [], reasons: ['switched off'] });
});

test('each mechanism can be left out', () => {
  const burst = (nowMs: number) => breach(nowMs, { recentConcurrencyPerCopy: [40, 40, 40, 40, 40, 40] });
  const mechanisms = { targets: false, forecastFloor: false, burstGuard: false, shortWindows: false };
  expect(run(30, burst, undefined, configOf({ writer }, { mechanisms })).taken).toEqual([]);
});

test.each([
  [{ objectiveMs: 0 }, 'components.writer.objectiveMs must be positive, got: 0'],
  [{ pricePerCopyHourUsd: NaN }, 'components.writer.pricePerCopyHourUsd must be positive, got: NaN'],
  [{ minTarget: 0.5 }, 'components.writer.minTarget must be at least 1, got: 0.5'],
  [{ maxTarget: 0.5 }, 'components.writer.maxTarget must be at least minTarget (1), got: 0.5'],
  [{ minCopies: -1 }, 'components.writer.minCopies must be a whole number, 0 or more, got: -1'],
  [{ minCopies: 3, maxCopies: 2 }, 'components.writer.maxCopies must be a whole number, 3 or more, got: 2'],
  [{ maxTarget: Infinity }, 'components.writer.maxTarget must be at least minTarget (1), got: Infinity'],
  [{ maxCopies: 1.5 }, 'components.writer.maxCopies must be a whole number, 1 or more, got: 1.5'],
  [{ minCopies: 0, maxCopies: 0 }, 'components.writer.maxCopies must be a whole number, 1 or more, got: 0'],
  [{ criticality: 1.1 }, 'components.writer.criticality must be from 0 to 1, got: 1.1'],
  [{ criticality: -0.1 }, 'components.writer.criticality must be from 0 to 1, got: -0.1'],
])('a configuration of %j is refused', (wrong, message) => {
  expect(() => tune(NO_TUNER_STATE, {}, configOf({ writer: { ...writer, ...wrong } }), START)).toThrow(message);
});
