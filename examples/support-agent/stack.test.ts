import { models, synthesize } from '../shared/synthesize';
import { SupportAgentStack } from './stack';

test('the template is the one that was reviewed', () => {
  expect(synthesize((scope, env) => new SupportAgentStack(scope, 'SupportAgent', { env, models }))).toMatchSnapshot();
});
