import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { InferenceComponentOptions } from '../../../lib/fleet/inference-component';
import { CopyBatch } from '../../../lib/fleet/rolling-update';
import type { CopyScalingOptions } from '../../../lib/scaling/scalable-copies';
import { component, stackInRegion } from './component-world';

interface Copies extends Pick<InferenceComponentOptions, 'initialCopies'> {
  readonly scaling?: Pick<CopyScalingOptions, 'min' | 'max'>;
}

/** Synthesizes a component whose updates replace so many copies in a step. */
function synthesize(batch: CopyBatch, { scaling, initialCopies }: Copies) {
  const stack = stackInRegion();
  const rollingUpdate = { batch, bakeTime: Duration.minutes(2) };
  const writer = component(stack, { rollingUpdate, initialCopies });
  if (scaling) writer.autoScaleCopies({ ...scaling, targetConcurrency: 4 });
  Template.fromStack(stack);
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('batch'))
    .map(({ entry }) => entry.data);
}

const RULE = 'rollingUpdate.batch: must be 5 % to 50 % of the copies';

test.each<[number, Copies, string]>([
  [2, { initialCopies: 2 }, 'of which there are at most 2: use CopyBatch.percent(50), got: 2'],
  [2, {}, 'of which there are at most 1: use CopyBatch.percent(50), got: 2'],
  [3, { scaling: { min: 1, max: 5 } }, 'of which there are at most 5: use CopyBatch.percent(50), got: 3'],
  [1, { initialCopies: 21 }, 'of which there are at least 21: use CopyBatch.percent(5), got: 1'],
])('a step of %d of the copies %j is refused, which would fail in the first update only', (size, copies, message) => {
  expect(() => synthesize(CopyBatch.copies(size), copies)).toThrow(`${RULE}, ${message} [component/batch-share]`);
});

test.each<[CopyBatch, Copies]>([
  [CopyBatch.copies(1), { initialCopies: 2 }],
  [CopyBatch.copies(2), { scaling: { min: 0, max: 4 } }],
  [CopyBatch.copies(1), { initialCopies: 20 }],
  [CopyBatch.copies(1), { scaling: { min: 1, max: 40 } }],
  [CopyBatch.percent(50), {}],
])('%#: a step that is a share of the copies, or may be, is taken', (batch, copies) => {
  expect(synthesize(batch, copies)).toEqual([]);
});

test('a step that is all of a single copy gets a warning, because nobody says what becomes of it', () => {
  expect(synthesize(CopyBatch.copies(1), {})).toEqual([
    `${RULE}; one is all that there is, and SageMaker does not say whether it takes that: let the component have 2 copies, or acknowledge ` +
      'this if updates go through [ack: cdk-compound-inference:component/batch-of-all]',
  ]);
});

test('a number in place of a batch is refused, with the ways to make one', () => {
  const rollingUpdate = { batch: 2 as never, bakeTime: Duration.minutes(2) };
  expect(() => component(stackInRegion(), { rollingUpdate })).toThrow(
    'rollingUpdate.batch: must be made by CopyBatch, as in CopyBatch.percent(25), got: 2 [component/kind]',
  );
});
