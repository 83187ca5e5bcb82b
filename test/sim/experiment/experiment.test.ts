import { CELLS, cellNamed, keyOf } from '../../../sim/experiment/cells';
import { type Experiment, prepareExperiment, runCell, scoredHours, tasksOf } from '../../../sim/experiment/experiment';
import { tiny } from './tiny-scenario';

const steps: string[] = [];
let experiment: Experiment;

beforeAll(() => {
  experiment = prepareExperiment(tiny, { seeds: 2, seriesPoints: 12, onStep: (step) => steps.push(step) });
});

test('preparing tells what it does, and scores none of what the fleets are sized by', () => {
  expect(steps).toHaveLength(6);
  expect(experiment.seeds).toEqual([1, 2]);
});

test('the static fleet of equal spend costs no less than the modular deployment that it is sized to', () => {
  const costOf = (cell: string) => runCell(experiment, cellNamed(cell), 1).row.costUsd;
  expect(costOf('static@isocost')).toBeGreaterThanOrEqual(costOf('modular') * (1 - 1e-9));
});

test('an experiment is plain data: sent to another process, it gives the same runs to the last bit', () => {
  const sent: Experiment = JSON.parse(JSON.stringify(experiment));
  for (const cell of ['static@best', 'modular', 'oracle']) {
    expect(runCell(sent, cellNamed(cell), 1)).toEqual(runCell(experiment, cellNamed(cell), 1));
  }
});

test('every cell of a seed gets the same requests, and every seed others', () => {
  const requestsOf = (cell: string, seed: number) => runCell(experiment, cellNamed(cell), seed).requests;
  expect(requestsOf('modular parallel', 1)).toBe(requestsOf('static@best', 1));
  expect(requestsOf('static@best', 2)).not.toBe(requestsOf('static@best', 1));
});

test('the first seed keeps a time series of the scored span, the others none', () => {
  const [first, second] = [1, 2].map((seed) => runCell(experiment, cellNamed('modular parallel'), seed));
  expect(first!.series!.cell).toBe('modular parallel');
  expect(first!.series!.atSeconds.length).toBeGreaterThanOrEqual(11);
  expect(Math.max(...first!.series!.atSeconds)).toBeLessThanOrEqual(scoredHours(tiny) * 3600);
  expect(second).not.toHaveProperty('series');
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
