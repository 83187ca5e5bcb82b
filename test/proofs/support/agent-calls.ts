import type { Binding, Bindings } from '../../../core/graph/binding';
import type { Handler } from '../../../lambda/orchestrator';
import { importedModel8b, inferenceComponent8b, type LocalComponent, type LocalSystem } from '../../../local';
import { run } from '../../lambda/orchestrator/event';
import { type Behind, iamCallsOf } from './aws-calls';
import type { IamCall } from './iam';
import type { RecordingAws } from './recording-aws';
import { type Deployed, tablesOf, variableOf } from './roles';

/** An agent that is run to see what it calls. */
export interface Performance {
  readonly agent: string;
  /** As its module exports it. Asked for once the function has its variables, which it reads when it starts. */
  readonly handler: () => Handler;
  readonly input: unknown;
  /** What stands in for its components, by name; any other answers with nothing. */
  readonly standIns?: LocalSystem['components'];
  readonly profiles?: Behind['profiles'];
}

/** What IAM is asked while the function of an agent answers a request, configured as it is deployed. */
export async function recordAgent(aws: RecordingAws, deployed: Deployed, performance: Performance): Promise<IamCall[]> {
  const { agent, handler, input, standIns = {}, profiles = {} } = performance;
  const configuration = variableOf(deployed, 'COMPOUND_CONFIG');
  process.env.COMPOUND_CONFIG = configuration;
  const secrets = deployed.byReference('AWS::SecretsManager::Secret');
  const texts = fieldOf(secrets, 'SecretString');
  const components = Object.entries(bindingsIn(configuration, texts)).flatMap(([name, binding]) =>
    standInFor(binding, standIns[name]),
  );
  aws.play({ components, secrets: texts, tables: tablesOf(deployed) });

  const isWarmed = configuration.includes('"warming"');
  for (let runs = 0; runs === 0 || (isWarmed && runs < MOST_RUNS && !(await hasToldWarmer(aws))); runs++) {
    const { status, text } = await run(handler(), agent, input);
    if (status !== 200) throw new Error(`agent ${agent} answered ${status}: ${text}`);
  }
  const [model] = deployed.ofType('Custom::BedrockImportedModel');
  const behind = { profiles, modelKey: model?.KmsKeyId, secretKeys: fieldOf(secrets, 'KmsKeyId') };
  return aws.requests.flatMap((request) => iamCallsOf(request, behind));
}

/** A board that takes too long is done without: on a busy machine that may befall the first runs. */
const MOST_RUNS = 5;

/** Nothing waits for warming. There is no warmer here: so the lease for telling it is taken, and given back. */
async function hasToldWarmer({ requests }: RecordingAws): Promise<boolean> {
  const isOver = () => requests.some(({ headers }) => String(headers['x-amz-target']).endsWith('.DeleteItem'));
  for (let tries = 0; tries < 40 && !isOver(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  return isOver();
}

/** The values of a property, of the resources that have it. */
function fieldOf(resources: Readonly<Record<string, any>>, property: string): Readonly<Record<string, string>> {
  const values = Object.entries(resources).map(([reference, properties]) => [reference, properties[property]]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function bindingsIn(configuration: string, texts: Readonly<Record<string, string>>): Bindings {
  const secret = Object.keys(texts).find((arn) => configuration.startsWith(`secret:${arn}#`));
  return JSON.parse(secret === undefined ? configuration : texts[secret]!).bindings;
}

/** Under the name that the deployment gives it. Of a spillover only the last is warm, so that all are called; else it always is. */
function standInFor(backend: Binding, like: LocalComponent | undefined, minCopies = 1): LocalComponent[] {
  if (backend.type === 'http') return [];
  if (backend.type === 'spillover') {
    const { alternatives } = backend;
    return alternatives.flatMap((one, at) => standInFor(one, like, at === alternatives.length - 1 ? 1 : 0));
  }
  if (backend.type === 'lambda') {
    return [{ kind: 'function', backend, handler: like?.kind === 'function' ? like.handler : () => ({}) }];
  }
  const behaviour = backend.type === 'bedrock' ? importedModel8b : inferenceComponent8b;
  const brain = like?.kind === 'chat-model' ? like.brain : () => 'hello';
  const scaling = { ...behaviour.scaling, minCopies };
  return [{ kind: 'chat-model', backend, brain, behaviour: { ...behaviour, scaling } }];
}
