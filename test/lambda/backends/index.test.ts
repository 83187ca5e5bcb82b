import type { Bindings } from '../../../core/graph/binding';
import { model } from '../../../core/graph/component';
import { callerFor } from '../../../lambda/backends';
import { callOf, errorOf } from './call';

test.each(['writer', 'toString', '__proto__'])(
  'a component "%s" without a binding is refused by name',
  async (name) => {
    await expect(errorOf(callerFor({})(callOf(model(name), 'Hi')))).resolves.toMatchObject({
      kind: 'invalid',
      message: `component "${name}" has no binding; add it to the bindings of the deployment`,
    });
  },
);

test.each<Bindings>([
  { writer: { type: 'sagemaker', endpointName: 'fleet' } },
  { writer: { type: 'lambda', functionName: 'writer' } },
  { writer: { type: 'http', url: 'http://localhost' } },
])('only Bedrock speaks Converse, not %j', async (bindings) => {
  const { type } = bindings.writer!;
  await expect(
    errorOf(callerFor(bindings)(callOf(model('writer', { format: 'converse' }), 'Hi'))),
  ).resolves.toMatchObject({
    kind: 'invalid',
    message: `component "writer" has the format converse, which only Bedrock speaks; bind it to Bedrock, or declare the format that the ${type} backend speaks`,
  });
});

test('Lambda functions take JSON only', async () => {
  const format = { contentType: 'text/csv', encode: () => '1,2', decode: () => undefined };
  const call = callerFor({ ranker: { type: 'lambda', functionName: 'ranker' } });
  await expect(errorOf(call(callOf(model('ranker', { format }), [1, 2])))).resolves.toMatchObject({
    kind: 'invalid',
    message: 'component "ranker" has a format of "text/csv", and Lambda functions take JSON only; encode it as JSON',
  });
});

test.each(['openai-chat', 'converse'] as const)('an input that is no chat is refused as %s', async (format) => {
  const call = callerFor({ writer: { type: 'bedrock', modelId: 'model' } });
  await expect(errorOf(call(callOf(model('writer', { format }), { prompt: 'Hi' })))).resolves.toMatchObject({
    kind: 'invalid',
    message: `component "writer" cannot encode its input as ${format}: expected a text or { messages }`,
  });
});

test('what a format of an author throws may quote a prompt: it is the cause, and not in the message', async () => {
  const fault = new RangeError('no row for SECRET');
  const format = {
    encode: (): string => {
      throw fault;
    },
    decode: () => undefined,
  };
  const call = callerFor({ ranker: { type: 'http', url: 'http://localhost' } });
  const error = await errorOf(call(callOf(model('ranker', { format }), [])));
  expect(error).toMatchObject({
    kind: 'invalid',
    message: 'component "ranker" cannot encode its input as its own format',
    thrown: undefined,
  });
  expect(error.cause).toBe(fault);
});
