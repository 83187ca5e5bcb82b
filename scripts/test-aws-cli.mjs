// The AWS CLI, which shares no code with the JavaScript SDK, against a local stack: npm run test:aws-cli.
// Needs Python 3. The CLI is installed once, in .cache/aws-cli, and touches neither ~/.aws nor any account.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stackUrl } from './stack-url.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(root, '.cache', 'aws-cli');
const scripts = join(cache, process.platform === 'win32' ? 'Scripts' : 'bin');
const directory = mkdtempSync(join(tmpdir(), 'compound-aws-cli-'));

const CHAT = { messages: [{ role: 'user', content: 'hello' }] };
const MODEL_ID = 'arn:aws:bedrock:us-east-1:111122223333:imported-model/abc123def456';

async function main() {
  installCli();
  await askAsPrinted();
  console.log('ok  what compound local prints');
  const stack = await startStack();
  try {
    const aws = cliFor(stack.url);
    for (const [name, check] of Object.entries(checks)) {
      check(aws);
      console.log(`ok  ${name}`);
    }
  } finally {
    stack.stop();
    rmSync(directory, { recursive: true });
  }
}

const checks = {
  'sagemaker-runtime invoke-endpoint': (aws) => {
    const body = write('chat.json', CHAT);
    const out = join(directory, 'answer.json');
    const target = ['--endpoint-name', 'gpu', '--inference-component-name', 'drafter'];
    const told = aws(
      'sagemaker-runtime',
      'invoke-endpoint',
      ...target,
      '--content-type',
      'application/json',
      '--body',
      body,
      out,
    );
    assert.deepEqual(told, { ContentType: 'application/json', InvokedProductionVariant: 'AllTraffic' });
    assert.equal(read(out).choices[0].message.content, 'You said: hello');
  },

  'sagemaker-runtime invoke-endpoint of a component that is not there': (aws) => {
    const target = ['--endpoint-name', 'gpu', '--inference-component-name', 'nobody'];
    const message = /ValidationError.*Inference Component nobody of account \d+ not found/s;
    assert.throws(
      () => aws('sagemaker-runtime', 'invoke-endpoint', ...target, '--body', write('chat.json', CHAT), 'x'),
      message,
    );
  },

  'bedrock-runtime invoke-model': (aws) => {
    const out = join(directory, 'answer.json');
    aws('bedrock-runtime', 'invoke-model', '--model-id', MODEL_ID, '--body', write('chat.json', CHAT), out);
    assert.equal(read(out).choices[0].message.content, 'You said: hello');
  },

  'bedrock-runtime converse': (aws) => {
    const messages = JSON.stringify([{ role: 'user', content: [{ text: 'hello' }] }]);
    const answer = aws('bedrock-runtime', 'converse', '--model-id', MODEL_ID, '--messages', messages);
    assert.deepEqual(answer.output.message, { role: 'assistant', content: [{ text: 'You said: hello' }] });
    assert.equal(answer.stopReason, 'end_turn');
  },

  'lambda invoke': (aws) => {
    const out = join(directory, 'answer.json');
    const told = aws('lambda', 'invoke', '--function-name', 'double', '--payload', write('event.json', { n: 21 }), out);
    assert.equal(told.StatusCode, 200);
    assert.deepEqual(read(out), { n: 42 });
  },

  'sagemaker describe-inference-component': (aws) => {
    const component = aws('sagemaker', 'describe-inference-component', '--inference-component-name', 'drafter');
    assert.equal(component.InferenceComponentStatus, 'InService');
    assert.deepEqual(component.RuntimeConfig, { DesiredCopyCount: 1, CurrentCopyCount: 1 });
  },
};

/** Bytes from a file: the one form of a body that versions 1 and 2 of the CLI read alike. */
function write(name, document) {
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify(document));
  return `fileb://${path}`;
}

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function installCli() {
  if (existsSync(join(scripts, 'aws')) || existsSync(join(scripts, 'aws.cmd'))) return;
  const python = ['python3', 'python'].find(isPython3);
  if (!python)
    throw new Error('Python 3 is not here; install it from https://www.python.org/downloads, or leave this test out');
  console.error('Installing the AWS CLI in .cache/aws-cli (first run, about half a minute)...');
  mkdirSync(dirname(cache), { recursive: true });
  try {
    execFileSync(python, ['-m', 'venv', cache], { stdio: ['ignore', 2, 2] });
    execFileSync(join(scripts, 'pip'), ['install', '--quiet', '--disable-pip-version-check', 'awscli'], {
      stdio: ['ignore', 2, 2],
    });
  } catch (error) {
    rmSync(cache, { recursive: true, force: true });
    const message = `the AWS CLI could not be installed: ${error.message} (on Debian: apt install python3-venv)`;
    throw new Error(message, { cause: error });
  }
}

function isPython3(command) {
  try {
    return execFileSync(command, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).startsWith(
      'Python 3.',
    );
  } catch {
    return false;
  }
}

/** Runs the CLI with credentials that open nothing, and reads what it prints as JSON. */
function cliFor(url) {
  const nowhere = join(directory, 'none');
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  };
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_BEARER_TOKEN_BEDROCK']) delete env[name];
  return (...args) => {
    const command = [...args, '--endpoint-url', url, '--output', 'json'];
    const stdout = execFileSync(join(scripts, 'aws'), command, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(stdout);
  };
}

async function startStack() {
  const stack = startLocal('test/e2e/systems/services.ts');
  return { url: await stackUrl(stack), stop: () => stack.kill() };
}

function startLocal(...modules) {
  const command = ['--conditions=source', '--import', 'tsx', 'bin/compound.ts', 'local', ...modules];
  return spawn(process.execPath, [...command, '--port', '0', '--speed', '1000'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The commands that the examples print for the AWS CLI, as a shell runs them that knows of no account. */
async function askAsPrinted() {
  const stack = startLocal();
  let printed = '';
  stack.stdout.on('data', (chunk) => (printed += chunk));
  try {
    await stackUrl(stack);
    while (!printed.includes('Stop with Ctrl+C')) await once(stack.stdout, 'data');
    const [, body, call] = /^ {2}(printf .* > body\.json)\n {2}(AWS_ACCESS_KEY_ID.*)$/m.exec(printed);
    const folder = mkdtempSync(join(directory, 'printed-'));
    const env = { HOME: folder, PATH: `${scripts}${delimiter}${process.env.PATH}` };
    const sh = (command) => execFileSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
    sh(body);
    const answer = await untilWarm(() => sh(call));
    assert.match(answer, /"choices":\[\{"index":0,"message":\{"role":"assistant","content":"/);
  } finally {
    stack.kill();
  }
}

/** What a model answers once it has a copy; until then it refuses. */
async function untilWarm(ask) {
  for (let tries = 0; tries < 30; tries++) {
    try {
      return ask();
    } catch (error) {
      assert.match(error.stderr, /no capacity|zero|ValidationError/i);
      await setTimeout(200);
    }
  }
  throw new Error('the model had no copy in time');
}

await main().catch((error) => {
  console.error(`test:aws-cli: ${error.message}`);
  process.exitCode = 1;
});
