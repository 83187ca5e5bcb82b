import type { TunerAction } from '../../../core/scale';
import { perform } from '../../../lambda/tuner/perform';
import type { ScalingService } from '../../../lambda/tuner/scaling-service';
import { deploymentOf } from './tuned-stack';

const component = { ...deploymentOf().components.writer!, minTarget: 2, maxTarget: 10, minCopies: 1, maxCopies: 8 };
const actedOn = {
  component,
  document: '{"TargetValue":5}',
  bounds: { minCopies: 1, maxCopies: 6 },
  minimumExpiresAtMs: 1_000_000,
};

const written: unknown[][] = [];
const service = {
  putPolicy: async (...args: unknown[]) => void written.push(args),
  setMinimum: async (...args: unknown[]) => void written.push(args),
  expireMinimum: async (...args: unknown[]) => void written.push(['expire', ...args]),
  keepMinimum: async (...args: unknown[]) => void written.push(['keep', ...args]),
} as unknown as ScalingService;

const cooldowns = { scaleOutCooldownSeconds: 60, scaleInCooldownSeconds: 300 };
const of = { component: 'writer', reasons: [] };

beforeEach(() => {
  written.length = 0;
});

test.each<[string, TunerAction]>([
  ['a target above the highest', { ...of, type: 'set-target', from: 5, to: 10.01, cooldowns }],
  ['a target below the lowest', { ...of, type: 'set-target', from: 5, to: 1.99, cooldowns }],
  ['a target that is no number', { ...of, type: 'set-target', from: 5, to: Number.NaN, cooldowns }],
  ['an earlier policy beyond the bounds', { ...of, type: 'restore-policy', target: 5, document: '{"TargetValue":11}' }],
  ['an earlier policy without a target', { ...of, type: 'restore-policy', target: 5, document: '{}' }],
  ['a minimum above the live maximum', { ...of, type: 'set-minimum', copies: 7, baseline: 1 }],
  ['a minimum below the lowest', { ...of, type: 'set-minimum', copies: 0, baseline: 1 }],
])('%s is not written', async (_, action) => {
  expect(await perform(service, action, actedOn)).toMatchObject({
    status: 'forbidden',
    detail: expect.stringContaining('beyond the bounds'),
  });
  expect(written).toEqual([]);
});

test('a target is written into the live policy, of which all else stays', async () => {
  const document = '{"DisableScaleIn":false,"TargetValue":5}';
  await perform(service, { ...of, type: 'set-target', from: 5, to: 4, cooldowns }, { ...actedOn, document });
  expect(written).toEqual([
    [
      'inference-component/writer-ic',
      'concurrency',
      '{"DisableScaleIn":false,"ScaleInCooldown":300,"ScaleOutCooldown":60,"TargetValue":4}',
    ],
  ]);
});

test('what is recommended is only told', async () => {
  expect(await perform(service, { ...of, type: 'recommend-maximum', copies: 12 }, actedOn)).toEqual({ status: 'told' });
  expect(written).toEqual([]);
});

test('a minimum is raised once its end is set up', async () => {
  await perform(service, { ...of, type: 'set-minimum', copies: 3, baseline: 1 }, actedOn);
  expect(written).toEqual([
    ['expire', 'inference-component/writer-ic', 1, 1_000_000],
    ['inference-component/writer-ic', 3],
  ]);
});

test('a raised minimum ends at what was live before', async () => {
  await perform(service, { ...of, type: 'set-minimum', copies: 5, baseline: 3 }, actedOn);
  await perform(service, { ...of, type: 'set-minimum', copies: 3, baseline: 3 }, actedOn);
  expect(written).toEqual([
    ['expire', 'inference-component/writer-ic', 3, 1_000_000],
    ['inference-component/writer-ic', 5],
    ['inference-component/writer-ic', 3],
    ['keep', 'inference-component/writer-ic'],
  ]);
});

test('a minimum that is as it was before needs no end', async () => {
  await perform(service, { ...of, type: 'set-minimum', copies: 1, baseline: 1 }, actedOn);
  expect(written).toEqual([
    ['inference-component/writer-ic', 1],
    ['keep', 'inference-component/writer-ic'],
  ]);
});
