import { join } from 'node:path';
import { ask } from '../../bin/commands/ask';
import { graph } from '../../bin/commands/graph';
import { local } from '../../bin/commands/local';
import { UsageError } from '../../bin/usage';
import { answer, Service } from '../lambda/backends/service';
import { ROOT } from './compound';

const MODULE = 'examples/support-agent/agent.ts';

test.each([
  [ask, [], 'name an agent and its input'],
  [ask, ['parrot'], 'name an agent and its input'],
  [ask, ['', '{}'], 'name an agent and its input'],
  [ask, ['parrot', '{}', '{}'], 'name an agent and its input'],
  [ask, ['parrot', '{text:1}'], 'the input is not valid JSON: '],
  [ask, ['parrot', ''], 'the input is not valid JSON: '],
  [ask, ['parrot', '{}', '--speed', '9'], "Unknown option '--speed'"],
  [ask, ['parrot', '{}', '--stack-url'], "'--stack-url <value>' argument missing"],
  [ask, ['parrot', '{}', '--stack-url', 'here'], '--stack-url must be the http URL of a stack, got: here'],
  [
    ask,
    ['parrot', '{}', '--stack-url', 'localhost:4100'],
    '--stack-url must be the http URL of a stack, got: localhost',
  ],
  [graph, [], 'name one module: compound graph <module>'],
  [graph, [MODULE, MODULE], 'name one module: compound graph <module>'],
  [graph, ['nowhere.ts'], `there is no module ${join(ROOT, 'nowhere.ts')}`],
  [graph, [MODULE, '--json', '--mermaid'], 'choose one of --mermaid and --json'],
  [graph, [MODULE, '--svg'], "Unknown option '--svg'"],
  [local, ['--port', '70000'], '--port must be a whole number from 0 to 65535, got: 70000'],
  [local, ['--port', '80.5'], '--port must be a whole number from 0 to 65535, got: 80.5'],
  [local, ['--port', ''], '--port must be a whole number from 0 to 65535, got: '],
  [local, ['--speed', '0'], '--speed must be a positive number, got: 0'],
  [local, ['--speed', 'fast'], '--speed must be a positive number, got: fast'],
  [local, ['--speed', 'Infinity'], '--speed must be a positive number, got: Infinity'],
  [local, ['nowhere.ts'], `there is no module ${join(ROOT, 'nowhere.ts')}`],
])('%p with %j is a mistake in the command line: %s', async (command, args, message) => {
  const mistake = command([...args]);
  await expect(mistake).rejects.toThrow(UsageError);
  await expect(mistake).rejects.toThrow(message);
});

describe('a server that is no stack', () => {
  let server: Service;

  beforeAll(async () => {
    server = await Service.start();
  });

  afterAll(() => server.stop());

  test.each([
    ['no JSON', answer(200, '<html>'), 'answered HTTP 200 and no JSON: is it a stack of agents?'],
    ['JSON of its own', answer(200, { hello: 'world' }), 'answered HTTP 200, but not as a stack of agents does'],
    ['nothing but null', answer(200, 'null'), 'answered HTTP 200, but not as a stack of agents does'],
    ['an error of its own', answer(404, { message: 'x' }), 'answered HTTP 404, but not as a stack of agents does'],
  ])('is recognized by %s', async (_, reply, message) => {
    server.replies(reply);
    await expect(ask(['parrot', '{}', '--stack-url', server.url])).rejects.toThrow(`${server.url} ${message}`);
  });

  test('is recognized by its silence', async () => {
    const gone = await Service.start();
    await gone.stop();
    await expect(ask(['parrot', '{}', '--stack-url', gone.url])).rejects.toThrow(
      `${gone.url} cannot be reached: connect ECONNREFUSED`,
    );
  });
});
