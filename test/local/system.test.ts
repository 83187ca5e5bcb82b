import { graph, model } from 'cdk-compound-inference/graph';
import { type LocalComponent, localSystem, startLocalStack } from 'cdk-compound-inference/local';
import { z } from 'zod';
import { bindingsOf, standInsOf } from '../../local/system';

const own = modelOf({ type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 'writer' });
const other = modelOf({ type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:111122223333:imported-model/writer' });

const system = localSystem({
  graph: graph('agent', { input: z.any() })
    .node('answer', { call: model('writer'), input: () => 'Write.' })
    .output(({ answer }) => answer.text),
  components: { writer: own },
  spillover: { writer: { to: [other], when: { maxInFlight: 2 }, breaker: { minCalls: 5 } } },
  example: {},
});

test('a component that spills over is bound to all its backends, in their order', () => {
  expect(bindingsOf(system, {})).toEqual({
    writer: {
      type: 'spillover',
      alternatives: [own.backend, other.backend],
      when: { maxInFlight: 2 },
      breaker: { minCalls: 5 },
    },
  });
});

test('a real model in its place needs no other', () => {
  const url = 'http://127.0.0.1:11434/v1';
  expect(bindingsOf(system, { writer: { url } })).toEqual({ writer: { type: 'http', url } });
});

test('every backend is there in the world', async () => {
  expect(standInsOf(system)).toEqual([own, other]);
  const stack = await startLocalStack({ systems: [system] });
  expect(stack.world.models.map(({ backend }) => backend)).toEqual([own.backend, other.backend]);
  await stack.close();
});

function modelOf(backend: Extract<LocalComponent, { kind: 'chat-model' }>['backend']): LocalComponent {
  return { kind: 'chat-model', backend, brain: () => 'Hello' };
}
