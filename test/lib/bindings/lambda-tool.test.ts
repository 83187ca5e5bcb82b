import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { model } from '../../../core/graph';
import { LambdaTool } from '../../../lib/bindings/lambda-tool';
import { Binder, chat, search } from './binder';

test('a function is called by its ARN, and nothing but it is permitted', () => {
  const binder = new Binder();
  const tool = LambdaTool.fromFunction(binder.function('Search'), { price: { perCallUsd: 0.0000002 } });
  const functionArn = { 'Fn::GetAtt': [expect.stringMatching(/^Search/), 'Arn'] };
  expect(binder.bind(tool, search)).toEqual({
    type: 'lambda',
    functionName: functionArn,
    price: { perCallUsd: 0.0000002 },
  });
  expect(binder.statements()).toEqual([{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn }]);
});

test('an alias is called and permitted by its qualified ARN', () => {
  const binder = new Binder();
  const alias = binder.function('Search').addAlias('live') as IFunction;
  const aliasArn = { Ref: expect.stringMatching(/^SearchAliaslive/) };
  expect(binder.bind(LambdaTool.fromFunction(alias), search)).toEqual({ type: 'lambda', functionName: aliasArn });
  expect(binder.statements()).toEqual([{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: aliasArn }]);
});

test('a function of another region is called there', () => {
  const binder = new Binder();
  const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:search';
  const elsewhere = LambdaFunction.fromFunctionArn(binder.stack, 'Elsewhere', functionArn);
  expect(binder.bind(LambdaTool.fromFunction(elsewhere), search)).toEqual({
    type: 'lambda',
    functionName: functionArn,
    region: 'eu-west-1',
  });
});

test('in a stack without a region a function of the stack is one of the same region', () => {
  const binder = new Binder({});
  expect(binder.bind(LambdaTool.fromFunction(binder.function('Search')), search)).not.toHaveProperty('region');
});

test.each([
  [
    chat,
    'has the format converse, which only Bedrock speaks; bind it to Bedrock, or declare the format that the lambda backend speaks',
  ],
  [
    model('rank', { format: { contentType: 'text/csv', encode: () => '', decode: () => '' } }),
    'has a format of "text/csv", and Lambda functions take JSON only; encode it as JSON',
  ],
])('a format that no function can speak is refused', (component, message) => {
  const binder = new Binder();
  const tool = LambdaTool.fromFunction(binder.function('Search'));
  expect(binder.faults(tool, component)).toEqual([`[binding/format] format: ${message}`]);
});
