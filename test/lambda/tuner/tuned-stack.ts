import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { TUNER_VARIABLE, type TunerDeployment } from '../../../core/scale/tuner-deployment';
import { MINUTE_MS } from '../../../core/time-units';
import { killSwitch } from '../../../lambda/tuner/kill-switch';
import { scalingService } from '../../../lambda/tuner/scaling-service';
import type { TunerServices } from '../../../lambda/tuner/services';
import { tuner } from '../../../lambda/tuner/tuner';
import { tunerTable } from '../../../lambda/tuner/tuner-table';
import { startStack, WARM_COMPONENT } from '../../local/aws/stack';

export const TABLE = 'ledger';
export const OBJECTIVE_MS = 1000;

/** Calls that are always in hand. */
const CALLS = 16;

/** Linear in the concurrency, as decoding is: within the objective from four calls a copy on. */
const IDLE_MS = 300;
const PER_CALL_MS = 130;

export function deploymentOf(more: Partial<TunerDeployment> = {}): TunerDeployment {
  return {
    mode: 'act',
    mechanisms: { forecastFloor: false, burstGuard: false },
    table: TABLE,
    agents: {
      support: {
        functionName: 'support-fn',
        objectiveMs: 3000,
        nodes: [{ id: 'write', component: 'writer', needs: [], join: 'all', width: 1, repeat: 0 }],
      },
    },
    components: {
      writer: {
        inferenceComponentName: 'writer-ic',
        policyName: 'concurrency',
        minCopies: 1,
        maxCopies: 8,
        minTarget: 1,
        maxTarget: 32,
        pricePerCopyHourUsd: 2,
        objectiveMs: OBJECTIVE_MS,
      },
    },
    ...more,
  };
}

/**
 * A component behind the services of the local stack.
 *
 * @param answer so long that its calls outlast every minute, unless another is given
 */
export async function startTuned(targetConcurrency: number, answer = 'x'.repeat(400_000)) {
  const behaviour = {
    ...WARM_COMPONENT,
    scaling: { ...WARM_COMPONENT.scaling, minCopies: 1, maxCopies: 8, targetConcurrency },
  };
  const backend = { type: 'sagemaker' as const, endpointName: 'fleet', inferenceComponentName: 'writer-ic' };
  const stack = await startStack([{ kind: 'chat-model', backend, behaviour, brain: () => answer }], {
    tables: [
      {
        name: TABLE,
        partitionKey: { name: 'component', type: 'S' },
        sortKey: { name: 'at', type: 'S' },
        ttlAttribute: 'expiresAtSeconds',
      },
    ],
  });
  const clients = {
    scaling: new ApplicationAutoScalingClient(stack.clientConfig),
    cloudWatch: new CloudWatchClient(stack.clientConfig),
    dynamo: new DynamoDBClient(stack.clientConfig),
    sageMaker: new SageMakerClient(stack.clientConfig),
  };
  const table = tunerTable(clients.dynamo, TABLE);
  const services: TunerServices = {
    cloudWatch: clients.cloudWatch,
    sageMaker: clients.sageMaker,
    scaling: scalingService(clients.scaling),
    table,
    killSwitch: killSwitch(clients.dynamo, TABLE),
    now: () => stack.world.nowMs,
    publish: () => {},
  };
  const environment: Record<string, string> = { [TUNER_VARIABLE]: JSON.stringify(deploymentOf()) };
  const lines: string[] = [];
  const handle = tuner({ services: () => services, environment, log: (line) => lines.push(line) });
  let requests = 0;

  const of = { ServiceNamespace: 'sagemaker', ResourceId: 'inference-component/writer-ic' } as const;
  const setBounds = (bounds: { readonly MinCapacity?: number; readonly MaxCapacity?: number }) =>
    clients.scaling.send(
      new RegisterScalableTargetCommand({
        ...of,
        ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
        ...bounds,
      }),
    );
  return {
    ...stack,
    clients,
    services,
    table,
    environment,
    /** Of the log, one for each tick. */
    lines,
    tick: (remainingMs = 30_000) =>
      handle({}, { awsRequestId: `request-${++requests}`, getRemainingTimeInMillis: () => remainingMs }),

    /**
     * Lets a minute pass under load, with its metrics as the orchestrator would tell them.
     *
     * @param p95Of another latency than the one that follows the concurrency
     */
    async minute(p95Of = (p95Ms: number) => p95Ms): Promise<void> {
      await this.publish(await this.load(p95Of));
    },

    /** Lets a minute pass under load; returns what calls took. */
    async load(p95Of = (p95Ms: number) => p95Ms): Promise<readonly number[]> {
      const model = stack.world.model('sagemaker/writer-ic')!;
      if (model.kind !== 'chat-model') throw new Error('no chat model');
      const end = new AbortController();
      const calls = Array.from({ length: CALLS }, () =>
        model.answer({ messages: [{ role: 'user', content: 'x' }] }, end.signal).catch(() => {}),
      );
      await new Promise<void>((resolve) => setImmediate(resolve));
      stack.clock.advance(MINUTE_MS);
      end.abort();
      await Promise.all(calls);
      const concurrency = CALLS / Math.max(1, model.copiesInService);
      const p95Ms = p95Of(IDLE_MS + PER_CALL_MS * concurrency);
      return Array.from({ length: 60 }, (_, i) => p95Ms * (0.7 + (0.3 * i) / 57));
    },

    /**
     * Values of metrics in the minute that has just ended, as an orchestrator tells them: of the agent, and of its node.
     *
     * @param component of the node, which is a plan, what it called
     */
    async put(ofAgent: MetricValues, ofNode: MetricValues, component?: string): Promise<void> {
      const agent = { service: 'orchestrator', function: 'support-fn', agent: 'support' };
      const datumOf = (dimensions: Readonly<Record<string, string>>, values: MetricValues) =>
        Object.entries(values).map(([MetricName, Values]) => ({
          MetricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          Timestamp: new Date(stack.world.nowMs - 1000),
          Values: [...Values],
        }));
      await clients.cloudWatch.send(
        new PutMetricDataCommand({
          Namespace: 'CompoundInference',
          MetricData: [
            ...datumOf(agent, ofAgent),
            ...datumOf({ ...agent, node: 'write', ...(component !== undefined && { component }) }, ofNode),
          ],
        }),
      );
    },

    /** Metrics of the minute that has just ended. */
    async publish(latenciesMs: readonly number[]): Promise<void> {
      const zeros = latenciesMs.map(() => 0);
      const calls = {
        CallLatency: latenciesMs,
        CallWait: zeros,
        WaitingRoomTime: zeros,
        ColdStarts: zeros,
        CallErrors: zeros,
      };
      await this.put({ RunLatency: latenciesMs }, { ...calls, NodeLatency: latenciesMs });
    },

    async policy() {
      const { ScalingPolicies } = await clients.scaling.send(
        new DescribeScalingPoliciesCommand({ ...of, PolicyNames: ['concurrency'] }),
      );
      return ScalingPolicies![0]!.TargetTrackingScalingPolicyConfiguration!;
    },

    async bounds() {
      const { ScalableTargets } = await clients.scaling.send(new DescribeScalableTargetsCommand(of));
      return ScalableTargets![0]!;
    },

    setMaximum: (MaxCapacity: number) => setBounds({ MaxCapacity }),

    setMinimum: (MinCapacity: number) => setBounds({ MinCapacity }),

    /** All that the table holds of the component. */
    query: () =>
      clients.dynamo.send(
        new QueryCommand({
          TableName: TABLE,
          KeyConditionExpression: 'component = :component',
          ExpressionAttributeValues: { ':component': { S: 'writer' } },
        }),
      ),

    get copies(): number {
      return stack.world.model('sagemaker/writer-ic')!.copiesInService;
    },

    async stop(): Promise<void> {
      for (const client of Object.values(clients)) client.destroy();
      await stack.close();
    },
  };
}

export type TunedStack = Awaited<ReturnType<typeof startTuned>>;

type MetricValues = Readonly<Record<string, readonly number[]>>;
