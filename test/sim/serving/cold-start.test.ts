import * as fc from 'fast-check';
import { randomStream } from '../../../sim/kernel/random';
import { durationSeconds, planColdStart, type StartSite, stageAt } from '../../../sim/serving/cold-start';
import { G6_2XLARGE, inferenceComponent8b } from '../../../sim/world/presets';

const { provisionSeconds } = G6_2XLARGE;
const SITES = {
  'cached instance': { provisionSeconds: 0, hasImage: true, hasWeights: true },
  'uncached instance': { provisionSeconds: 0, hasImage: false, hasWeights: false },
  'new instance with the image': { provisionSeconds, hasImage: true, hasWeights: false },
  'new instance': { provisionSeconds, hasImage: false, hasWeights: false },
} satisfies Record<string, StartSite>;
type SiteName = keyof typeof SITES;
const NAMES = Object.keys(SITES) as SiteName[];

/** The medians, without spread. */
const MEDIANS = { ...inferenceComponent8b.coldStart, variation: 0 };
const plan = (site: SiteName, profile = MEDIANS, seed = 1) =>
  planColdStart(profile, SITES[site], randomStream(seed, 'writer', 'cold-start'));

// Qwen3-8B on ml.g6.2xlarge: 525 s without and 258 s with the image cached (AWS, June 2026).
test.each<[SiteName, number, number]>([
  ['new instance', 525, 0.03],
  ['new instance with the image', 258, 0.03],
])('a copy on a %s takes about %p s, as published', (site, publishedSeconds, tolerance) => {
  expect(Math.abs(durationSeconds(plan(site)) / publishedSeconds - 1)).toBeLessThan(tolerance);
});

test('image and weights share the bandwidth: the shorter takes twice its time, both take their sum', () => {
  const stages = plan('uncached instance');
  expect(stages.slice(0, 2)).toEqual([
    { stage: 'image-pull', fromSeconds: 0, toSeconds: 333 },
    { stage: 'weights-download', fromSeconds: 0, toSeconds: 154 },
  ]);
});

test('a copy on an instance that has everything only starts its container and engine', () => {
  expect(plan('cached instance').map(({ stage }) => stage)).toEqual(['container-init', 'engine-init']);
});

test('the stage of a start is the one that holds it up', () => {
  const stages = plan('new instance');
  const at = [0, 104, 106, 400, 440, 455, 600].map((seconds) => stageAt(stages, seconds));
  expect(at).toEqual([
    'provision',
    'provision',
    'image-pull',
    'image-pull',
    'container-init',
    'engine-init',
    undefined,
  ]);
});

test('wherever it is, a start draws the same numbers, so that runs stay comparable', () => {
  for (const site of NAMES) {
    const random = randomStream(1, 'writer', 'cold-start');
    planColdStart(inferenceComponent8b.coldStart, SITES[site], random);
    const reference = randomStream(1, 'writer', 'cold-start');
    planColdStart(inferenceComponent8b.coldStart, SITES['new instance'], reference);
    expect(random.uniform()).toBe(reference.uniform());
  }
});

test('of the same draws, the site that spares more is never slower', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const seconds = NAMES.map((site) => durationSeconds(plan(site, inferenceComponent8b.coldStart, seed)));
      expect(seconds[0]).toBeLessThanOrEqual(Math.min(seconds[1]!, seconds[2]!));
      expect(seconds[3]).toBeGreaterThanOrEqual(Math.max(seconds[1]!, seconds[2]!));
    }),
  );
});
