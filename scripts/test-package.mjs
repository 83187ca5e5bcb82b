// The package as its users get it: packed, installed into an empty project, run by the Node of this machine.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stackUrl } from './stack-url.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const directory = mkdtempSync(join(tmpdir(), 'compound-package-'));
const app = join(directory, 'app');
const installed = join(app, 'node_modules', manifest.name);

/** Without the folders that npm puts in front, where the Node of this project is. */
const env = {
  ...process.env,
  PATH: process.env.PATH.split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
};

const AGENT = `
import { graph, model } from '${manifest.name}/graph';
import { localSystem } from '${manifest.name}/local';
import { type Handler, serve } from '${manifest.name}/runtime';
import { Engine, type RunRecord } from '${manifest.name}/run';
import { z } from 'zod';

export const echo = graph('echo', { input: z.object({ text: z.string() }) })
  .node('answer', { call: model('writer'), input: ({ input }) => input.text })
  .output(({ answer }) => answer.text);

export const handler: Handler = serve(echo);

export type Engines = Engine;
export type Overhead = RunRecord['overheadMs'];

export default localSystem({
  graph: echo,
  example: { text: 'hello' },
  components: {
    writer: {
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 'writer' },
      brain: ({ messages }) => \`You said: \${messages.at(-1)?.content}\`,
    },
  },
});
`;

/** The constructs in a stack of somebody else's. */
const STACK = `
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Agent, AgentApi, ImportedModel, InferenceFleet, InferenceInstanceType, InferenceModel, ModelImage,
} from '${manifest.name}';
import { echo } from './agent.js';

const app = new App();
const stack = new Stack(app, 'Foreign');
const weights = Bucket.fromBucketName(stack, 'Weights', 'my-models');
const fleet = new InferenceFleet(stack, 'Gpu', {
  instanceTypes: [InferenceInstanceType.of('ml.g6.12xlarge')],
  minInstances: 0,
  maxInstances: 2,
});
const writer = fleet.addComponent('Writer', {
  model: InferenceModel.fromContainer({
    image: ModelImage.fromUri('763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.33.0-lmi15.0.0-cu128'),
    artifact: { bucket: weights, key: 'writer.tar.gz' },
  }),
  resources: { accelerators: 1, memoryMiB: 16_384 },
});
writer.autoScaleCopies({ min: 0, max: 4, targetConcurrency: 8 });
const agent = new Agent(stack, 'Echo', {
  graph: echo,
  entry: 'agent.ts',
  components: { writer },
  objective: { p95: Duration.seconds(8) },
});
agent.dashboard();
agent.alarms();
new AgentApi(stack, 'Api', { agents: [agent] });
new ImportedModel(stack, 'Spare', { weights: { bucket: weights, prefix: 'spare/' } });
`;

const MAX_UNPACKED_BYTES = 5_000_000;

const checks = {
  'packs and installs': () => {
    const packed = run('npm', ['pack', '--json', '--pack-destination', directory, '--loglevel=error'], {
      cwd: root,
      env: process.env,
    });
    const [{ filename, unpackedSize }] = JSON.parse(packed.slice(packed.indexOf('[')));
    assert.ok(unpackedSize <= MAX_UNPACKED_BYTES, `${unpackedSize} bytes unpacked, more than ${MAX_UNPACKED_BYTES}`);
    console.log(`    ${(unpackedSize / 1e6).toFixed(2)} MB unpacked`);
    mkdirSync(app);
    write('package.json', { private: true });
    write('agent.ts', AGENT);
    write('stack.ts', STACK);
    install(join(directory, filename), ...withVersions('zod', '@types/node', 'aws-cdk-lib', 'constructs', 'esbuild'));
  },

  'holds nothing that has no source': () => {
    const compiled = readdirSync(join(installed, 'dist'), { recursive: true }).filter((name) => /\.m?js$/.test(name));
    const sourceOf = (name) =>
      name.replace(/^functions([/\\]\w+[/\\]).*/, 'lambda$1index.ts').replace(/\.(m?)js$/, '.$1ts');
    assert.deepEqual(
      compiled.filter((name) => !existsSync(join(root, sourceOf(name)))),
      [],
    );
  },

  'every export can be required and imported': () => {
    for (const path of Object.keys(manifest.exports)) {
      const name = join(manifest.name, path);
      node('-e', `require('${name}')`);
      if (!path.endsWith('.json')) node('--input-type=module', '-e', `await import('${name}')`);
    }
  },

  'declares the types of all it exports': () => {
    const compilerOptions = { strict: true, noEmit: true, target: 'ES2022', module: 'NodeNext', types: ['node'] };
    write('tsconfig.json', { compilerOptions, files: ['agent.ts', 'stack.ts'] });
    compile();
  },

  'the constructs are synthesized in a stack of somebody else, from CommonJS and from ESM': () => {
    for (const type of ['commonjs', 'module']) {
      write('package.json', { ...JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')), type });
      const outDir = join(app, type);
      const compilerOptions = { target: 'ES2022', module: 'NodeNext', types: ['node'], skipLibCheck: true, outDir };
      write('tsconfig.json', { compilerOptions, files: ['agent.ts', 'stack.ts'] });
      compile();
      run('node', [join(outDir, 'stack.js')], { env: { ...env, CDK_OUTDIR: join(outDir, 'cdk.out') } });
      const { Resources } = JSON.parse(readFileSync(join(outDir, 'cdk.out/Foreign.template.json'), 'utf8'));
      const types = new Set(Object.values(Resources).map(({ Type }) => Type));
      for (const expected of [
        'AWS::SageMaker::InferenceComponent',
        'AWS::Lambda::Function',
        'AWS::ApiGateway::RestApi',
      ]) {
        assert.ok(types.has(expected), `no ${expected} was synthesized from ${type}`);
      }
    }
    write('package.json', { ...JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')), type: 'commonjs' });
  },

  'compound graph reads a TypeScript module': () => {
    assert.match(compound('graph', 'agent.ts'), /^flowchart LR\n/);
    assert.equal(JSON.parse(compound('graph', 'agent.ts', '--json')).name, 'echo');
  },

  'compound local serves a TypeScript module, and compound ask asks it': async () => {
    const stack = await startStack('agent.ts');
    assert.equal(ask(stack, 'echo', { text: 'hello' }), 'You said: hello');
    stack.stop();
  },

  'compound local asks for a module, and tells what a module lacks': () => {
    assert.throws(() => compound('local', '--port', '0'), /compound: name a module with a local system/);
    write('lacks.ts', `import 'left-out/index.js';`);
    assert.throws(
      () => compound('graph', 'lacks.ts'),
      /compound: lacks\.ts needs the package left-out, which is not installed: npm install left-out\n/,
    );
  },
};

function run(command, args, options = {}) {
  try {
    const settings = { cwd: app, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options };
    return execFileSync(command, args, { shell: process.platform === 'win32', ...settings });
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

const compile = () => run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', app]);
const node = (...args) => run('node', args);
const compoundScript = join(installed, 'dist/bin/compound.js');
const compound = (...args) => run('npx', ['--no-install', 'compound', ...args]);
const ask = ({ url }, agent, input) => JSON.parse(compound('ask', agent, JSON.stringify(input), '--stack-url', url));
const install = (...packages) => run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages]);

function withVersions(...names) {
  const versions = { ...manifest.dependencies, ...manifest.devDependencies };
  return names.map((name) => `${name}@${versions[name]}`);
}

function write(name, content) {
  writeFileSync(join(app, name), typeof content === 'string' ? content : JSON.stringify(content));
}

async function startStack(...modules) {
  const command = [compoundScript, 'local', ...modules, '--port', '0', '--speed', '1000'];
  const stack = spawn('node', command, { cwd: app, env, stdio: ['ignore', 'pipe', 'inherit'] });
  return { url: await stackUrl(stack), stop: () => stack.kill() };
}

console.log(`with Node ${run('node', ['--version'], { cwd: root }).trim()}`);
let failures = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok  ${name}`);
  } catch (error) {
    failures += 1;
    console.error(`test:package: ${name} does not hold: ${error.message}`);
  }
}
rmSync(directory, { recursive: true, force: true });
process.exit(failures > 0 ? 1 : 0);
