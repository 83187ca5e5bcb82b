import { models, synthesize } from '../shared/synthesize';
import { CodeReviewStack } from './stack';

test('the template is the one that was reviewed', () => {
  expect(synthesize((scope, env) => new CodeReviewStack(scope, 'CodeReview', { env, models }))).toMatchSnapshot();
});
