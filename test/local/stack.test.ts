import { setImmediate as nextTurn } from 'node:timers/promises';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { graph, model } from '../../core/graph';
import { importedModel8b, type LocalStack, localSystem, startLocalStack } from '../../local';
import system from '../e2e/systems/services';

const warm = { ...importedModel8b, scaling: { ...importedModel8b.scaling, minCopies: 1 } };

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ systems: [system], onRunEnd: () => {} });
});
afterAll(() => stack.close());

test('whoever opens the URL of a stack is shown its agents', async () => {
  const response = await fetch(stack.url);
  expect(response.url).toBe(`${stack.url}/agents`);
  expect(await response.json()).toEqual({ agents: [{ name: 'services', runs: 'agents/services/runs' }] });
});

test('a stack points the AWS clients of its process to itself, until it is closed', async () => {
  const other = await startLocalStack({ systems: [], onRunEnd: () => {} });
  expect(process.env.AWS_ENDPOINT_URL_LAMBDA).toBe(other.url);
  await other.close();
  expect(process.env.AWS_ENDPOINT_URL_LAMBDA).toBe(stack.url);
});

test('a function that a schedule runs reaches the tables of its stack with clients that know of nothing', async () => {
  const visits = async () => {
    const client = new DynamoDBClient();
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: 'board',
        Key: { id: { S: 'visits' } },
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    client.destroy();
    return Number(Attributes!.n!.N);
  };
  let seen = 0;
  const other = await startLocalStack({
    systems: [],
    tables: [{ name: 'board', partitionKey: { name: 'id', type: 'S' } }],
    functions: [
      {
        kind: 'function',
        backend: { type: 'lambda', functionName: 'warmer' },
        handler: async (event) => {
          expect(event).toEqual({ type: 'tick' });
          seen = await visits();
        },
      },
    ],
    schedules: [{ functionName: 'warmer', everySeconds: 60 }],
    speed: 60_000,
  });
  while (seen < 2) await nextTurn();
  await other.close();
  const last = seen;
  await nextTurn();
  expect(seen).toBe(last);
});

test('calls of a stack go wrong until they are let go well again', async () => {
  const client = new LambdaClient({ maxAttempts: 1, endpoint: stack.url });
  const invoke = () => client.send(new InvokeCommand({ FunctionName: 'double', Payload: '{"n":1}' }));
  const remove = stack.addFault({ calls: 'Lambda', outcome: 'throttled' });
  await expect(invoke()).rejects.toThrow('Rate exceeded');
  remove();
  expect((await invoke()).StatusCode).toBe(200);
  client.destroy();
});

test('systems may use the same component names: each has its own', async () => {
  const echo = (name: string) =>
    localSystem({
      graph: graph(name, { input: z.object({}) })
        .node('said', { call: model('writer'), input: () => 'hello' })
        .output(({ said }) => said.text),
      example: {},
      components: {
        writer: {
          kind: 'chat-model',
          backend: { type: 'bedrock', modelId: name },
          brain: () => `I am ${name}`,
          behaviour: warm,
        },
      },
    });
  const both = await startLocalStack({ systems: [echo('ada'), echo('bob')], speed: 1_000, onRunEnd: () => {} });
  const ask = async (name: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${both.url}/agents/${name}/runs`, { method: 'POST', headers, body: '{}' });
    return ((await response.json()) as { readonly output: string }).output;
  };
  expect([await ask('ada'), await ask('bob')]).toEqual(['I am ada', 'I am bob']);
  await both.close();
});
