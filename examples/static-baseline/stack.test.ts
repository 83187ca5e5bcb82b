import { models, synthesize } from '../shared/synthesize';
import { StaticBaselineStack } from './stack';

test('the template is the one that was reviewed', () => {
  expect(
    synthesize(
      (scope, env) =>
        new StaticBaselineStack(scope, 'StaticBaseline', { env, models, instances: 2, copiesPerModel: 2 }),
    ),
  ).toMatchSnapshot();
});
