import { CELLS, cellNamed, keyOf, worldOf } from '../../../sim/experiment/cells';
import {
  type CellRun,
  type Experiment,
  planExperiment,
  runCell,
  scoredHours,
  tasksOf,
} from '../../../sim/experiment/experiment';
import { experimentOf, PREPARATIONS, prepare } from '../../../sim/experiment/preparation';
import { tiny } from './tiny-scenario';

let experiment: Experiment;

beforeAll(() => {
  const plan = planExperiment(tiny, { seeds: 2, seriesPoints: 12 });
  experiment = experimentOf(
    plan,
    PREPARATIONS.map((preparation) => prepare(plan, preparation)),
  );
});

/** Each once. */
const runs = new Map<string, CellRun>();

function run(cell: string, seed: number): CellRun {
  const key = `${cell} ${seed}`;
  const known = runs.get(key) ?? runCell(experiment, cellNamed(cell), seed);
  runs.set(key, known);
  return known;
}

test('seeds are numbered from 1: the fleets are sized by 0, which is not scored', () => {
  expect(experiment.seeds).toEqual([1, 2]);
});

test('a fleet for a higher demand has no copy less of anything, and the peak takes more than the mean', () => {
  const { peak, p99, p95, mean } = experiment.fleets;
  for (const component of ['planner', 'writer']) {
    const copies = [peak, p99, p95, mean].map((fleet) => fleet[component]!);
    expect(copies).toEqual(copies.toSorted((a, b) => b - a));
    expect(copies.at(-1)).toBeGreaterThanOrEqual(1);
  }
  expect(peak.writer).toBeGreaterThan(mean.writer!);
  // A tool has no copies.
  expect(Object.keys(peak)).toEqual(['planner', 'writer']);
});

test('the static fleet of equal spend costs no less than the modular deployment that it is sized to', () => {
  expect(run('static@isocost', 1).row.costUsd).toBeGreaterThanOrEqual(run('modular', 1).row.costUsd * (1 - 1e-9));
});

describe('what scales without a tuner', () => {
  const scalingOf = (cell: string) => {
    const { components } = worldOf(cellNamed(cell), experiment.scenario.world, experiment.scalings);
    return Object.values(components).flatMap((model) => (model.kind === 'tool' ? [] : [model.scaling]));
  };

  test('target tracking and the clairvoyant deployment run at targets of their own, in the same world else', () => {
    const { tracking, clairvoyant } = experiment.scalings!;
    for (const [cell, trained] of [['tracking@trained', tracking] as const, ['oracle', clairvoyant] as const]) {
      expect(scalingOf(cell)).toMatchObject(Object.values(trained));
      expect(run(cell, 1).configuration).toBe(run('modular', 1).configuration);
    }
    const keys = ['tracking@trained', 'modular parallel'].map((cell) => keyOf(cellNamed(cell), experiment.fleets));
    expect(keys[0]).not.toBe(keys[1]);
  });

  test('it is refused by an experiment that was prepared without targets', () => {
    const { scalings: _scalings, ...without } = experiment;
    expect(() => runCell(without, cellNamed('oracle'), 1)).toThrow(
      'cell oracle runs at trained targets, and the experiment was prepared without any',
    );
    const { fleets: _fleets, ...plan } = experiment;
    expect(() => runCell(plan, cellNamed('static@p95'), 1)).toThrow(
      'cell static@p95 has a static fleet, and the experiment was prepared without any',
    );
  });

  test('the Kubernetes HPA keeps a copy of everything, and Knative none', () => {
    expect(scalingOf('hpa').map(({ minCopies }) => minCopies)).toEqual([1, 1]);
    expect(scalingOf('kpa').map(({ minCopies }) => minCopies)).toEqual([0, 0]);
    expect(run('hpa', 1).row.coldShare).toBe(0);
  });
});

test('an experiment is plain data: sent to another process, it gives the same runs to the last bit', () => {
  const sent: Experiment = JSON.parse(JSON.stringify(experiment));
  for (const cell of ['static@isocost', 'modular']) expect(runCell(sent, cellNamed(cell), 1)).toEqual(run(cell, 1));
});

test('every cell of a seed gets the same requests, and every seed others', () => {
  expect(run('modular', 1).requests).toBe(run('static@isocost', 1).requests);
  expect(run('static@isocost', 2).requests).not.toBe(run('static@isocost', 1).requests);
});

test('the first seed keeps a time series of the scored span, the others none', () => {
  const { series } = run('modular', 1);
  expect(series!.cell).toBe('modular');
  expect(series!.atSeconds.length).toBeGreaterThanOrEqual(11);
  expect(Math.max(...series!.atSeconds)).toBeLessThanOrEqual(scoredHours(tiny) * 3600);
  expect(run('static@isocost', 2)).not.toHaveProperty('series');
});

describe('tasks', () => {
  test('one for each outcome and seed: cells that cannot differ share it', () => {
    const tasks = tasksOf(experiment);
    expect(new Set(tasks.map((task) => JSON.stringify(task))).size).toBe(tasks.length);
    const keys = tasks.map(({ cell, seed }) => `${keyOf(cellNamed(cell), experiment.fleets)} ${seed}`);
    expect(new Set(keys).size).toBe(tasks.length);
    const wanted = CELLS.filter(({ isAblation = false }) => !isAblation);
    for (const cell of wanted) expect(keys).toContain(`${keyOf(cell, experiment.fleets)} 2`);
    // The eight static cells of the factorial are two: nothing is cold, and nothing scales.
    expect(tasks.filter(({ cell, seed }) => seed === 1 && /^static (seq|par)/.test(cell))).toHaveLength(2);
  });

  test('only a full experiment runs the ablations', () => {
    const cellsOf = (isFull: boolean) => new Set(tasksOf({ ...experiment, isFull }).map(({ cell }) => cell));
    expect(cellsOf(false)).not.toContain('modular -burst guard');
    expect(cellsOf(true)).toContain('modular -burst guard');
    expect(cellsOf(true)).toContain('modular -forecast floor');
  });

  test('cells have names of their own, and an unknown one is refused with those that there are', () => {
    expect(new Set(CELLS.map(({ cell }) => cell)).size).toBe(CELLS.length);
    expect(() => cellNamed('static@p50')).toThrow(/^there is no cell static@p50; there are: static sequential, /);
  });

  test('the factorial is complete: sixteen cells, each with a level of every factor', () => {
    const levels = CELLS.map((cell) => cell.levels).filter((each) => Object.keys(each).length === 4);
    expect(new Set(levels.map((each) => Object.values(each).join())).size).toBe(16);
  });
});
