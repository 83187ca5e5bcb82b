import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Agent, HttpService, type RunRecordLevel } from '../../../lib';
import { echo } from './fixtures/echo';

/** What the function is told. */
function configWith(runRecords?: RunRecordLevel) {
  const stack = new Stack(new App(), 'Test');
  new Agent(stack, 'Echo', {
    graph: echo,
    code: Code.fromInline('exports.handler = async () => ({});'),
    components: { writer: new HttpService({ url: 'https://writer.example' }) },
    ...(runRecords && { runRecords }),
  });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')) as any;
  return JSON.parse(Properties.Environment.Variables.COMPOUND_CONFIG);
}

test('the function is told of which runs to keep records', () => {
  expect(configWith('failed')).toMatchObject({ runRecords: 'failed' });
});

test('it keeps those of all runs without being told', () => {
  expect(configWith()).not.toHaveProperty('runRecords');
});
