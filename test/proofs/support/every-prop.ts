import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Period, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AdapterComponent,
  type AdapterComponentProps,
  Agent,
  type AgentAlarmsOptions,
  AgentApi,
  type AgentApiProps,
  type AgentBundling,
  type AgentObjective,
  type AgentProps,
  ApiAuthorization,
  type ApiTenant,
  CopyBatch,
  type CopyPlacement,
  type CopyResources,
  type CopyScalingOptions,
  type CopySchedule,
  FoundationModel,
  HttpService,
  type HttpServiceProps,
  ImportedModel,
  type ImportedModelProps,
  type ImportNetwork,
  InferenceComponent,
  type InferenceComponentProps,
  InferenceFleet,
  type InferenceFleetAttributes,
  type InferenceFleetProps,
  InferenceInstanceType,
  InferenceModel,
  InferenceProfile,
  type JwtOptions,
  JwtUse,
  LambdaTool,
  ModelArchitecture,
  type ModelContainer,
  ModelImage,
  PlacementStrategy,
  type Price,
  type RollingUpdate,
  RoutingStrategy,
  SageMakerEndpoint,
  ScaleInPolicy,
  Spillover,
  type SpilloverOptions,
  type TenantAllowance,
  type TenantLimits,
} from 'cdk-compound-inference';
import type { Construct } from 'constructs';
import type {
  PolicyTunerOptions,
  TunedComponentOptions,
  TuningMechanisms,
} from '../../../lib/scaling/policy-tuner-props';
import type { TunerAlarmsOptions } from '../../../lib/scaling/tuner-alarms';
import { TuningMode } from '../../../lib/scaling/tuning-mode';
import type { PrewarmingAlarmsOptions } from '../../../lib/warming/prewarming-alarms';
import type { PrewarmedComponent, PrewarmingOptions } from '../../../lib/warming/prewarming-props';
import { WarmingPolicy } from '../../../lib/warming/warming-policy';
import { echo } from '../../lib/agent/fixtures/echo';
import { ACCOUNT, REGION } from '../../support/resolve-template';
import { everyBinding } from './every-binding';

const FIXTURES = join(__dirname, '../../lib/agent/fixtures');
const CODE = Code.fromInline('exports.handler = async () => ({});');

const PRICE: Required<Price> = {
  perCallUsd: 0.001,
  perMillionInputTokensUsd: 1,
  perMillionOutputTokensUsd: 2,
  perCopyHourUsd: 1.5,
  concurrencyPerCopy: 4,
  source: 'https://prices.example (us-west-2, 2026-11)',
};

/** Inferentia: has no NVMe storage, so its volumes take a key. */
const TYPE = InferenceInstanceType.of('ml.inf2.8xlarge', {
  accelerators: 1,
  memoryGiB: 128,
  vcpus: 32,
  hasNvme: false,
});

const LIMITS = { rateLimit: 5, burstLimit: 10 };
const TENANT: Required<ApiTenant> = {
  name: 'acme',
  throttling: LIMITS,
  quota: { limit: 1_000, period: Period.DAY },
};

/**
 * Every property of every construct at least once: that none is left out is up to the compiler, by `Required`. What they are
 * given exists already, so that all findings are of this library.
 */
export class EveryPropStack extends Stack {
  readonly #vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: [`${REGION}a`],
    privateSubnetIds: ['subnet-0123456789abcdef0'],
    privateSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
  });
  readonly #vpcSubnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  readonly #securityGroup = SecurityGroup.fromSecurityGroupId(this, 'Group', 'sg-0123456789abcdef0');
  readonly #weights = Bucket.fromBucketName(this, 'Weights', 'weights');
  readonly #topic = Topic.fromTopicArn(this, 'Topic', `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`);

  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { region: REGION } });
    const { component, nested, adapter } = this.#models();
    const imported = this.#importedModel();
    const agents = this.#agents(component, nested, adapter, imported);
    this.#apis(agents);
  }

  #models() {
    const fleetProps: Required<InferenceFleetProps> = {
      instanceTypes: [TYPE],
      minInstances: 1,
      maxInstances: 4,
      initialInstances: 2,
      scaleIn: ScaleInPolicy.consolidation({ maxStep: 2, cooldown: Duration.minutes(30) }),
      provisioningTimeout: Duration.minutes(20),
      routing: RoutingStrategy.prefixAware({ prefixLength: 8_192, concurrencyThreshold: 32 }),
      role: Role.fromRoleArn(this, 'FleetRole', `arn:aws:iam::${ACCOUNT}:role/fleet`),
      vpc: this.#vpc,
      vpcSubnets: this.#vpcSubnets,
      securityGroups: [this.#securityGroup],
      networkIsolation: true,
      volumeKey: this.#key('VolumeKey'),
      capacityReservationArn: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:training-plan/plan`,
      inferenceAmiVersion: 'al2-ami-sagemaker-inference-neuron-2',
      enhancedMetrics: true,
      componentStacks: 2,
    };
    const fleet = new InferenceFleet(this, 'Reserved', fleetProps);
    const nested = this.#placeOn(fleet);

    const several = new InferenceFleet(this, 'Several', {
      instanceTypes: [InferenceInstanceType.G6_12XLARGE, InferenceInstanceType.G5_12XLARGE],
      minInstances: 0,
      maxInstances: 2,
      vpc: this.#vpc,
    });
    const component = this.#placeOn(several, { inferenceComponentName: 'writer' });
    component.rollBackOn(
      new Alarm(this, 'Slow', { metric: component.metricModelLatency(), threshold: 8_000_000, evaluationPeriods: 2 }),
    );

    const adapterProps: Required<AdapterComponentProps> = {
      artifact: { bucket: this.#weights, key: 'legal/v1.tar.gz' },
      inferenceComponentName: 'legal',
      base: component,
      fleet: several,
      price: PRICE,
    };
    const adapter = new AdapterComponent(this, 'Adapter', adapterProps);
    const attributes: Required<InferenceFleetAttributes> = {
      endpointName: 'shared',
      endpointArn: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/shared`,
      variantName: 'AllTraffic',
      instanceTypes: [TYPE],
      role: Role.fromRoleArn(this, 'SharedRole', `arn:aws:iam::${ACCOUNT}:role/shared`),
    };
    const shared = InferenceFleet.fromFleetAttributes(this, 'Shared', attributes);
    const options = { model: InferenceModel.fromSageMakerModelName('judge'), resources: { memoryMiB: 1_024 } };
    new InferenceComponent(this, 'Judge', { ...options, fleet: shared });
    return { component, nested, adapter };
  }

  #placeOn(fleet: InferenceFleet, { inferenceComponentName = 'planner' } = {}): InferenceComponent {
    const resources: Required<CopyResources> = { accelerators: 1, cpuCores: 8, memoryMiB: 16_384 };
    const placement: Required<CopyPlacement> = { strategy: PlacementStrategy.SPREAD, maxZoneImbalance: 1 };
    const rollingUpdate: Required<RollingUpdate> = {
      batch: CopyBatch.percent(25),
      bakeTime: Duration.minutes(2),
      timeout: Duration.hours(1),
      rollbackBatch: CopyBatch.copies(2),
    };
    const container: Required<ModelContainer> = {
      image: ModelImage.fromUri(`763104351884.dkr.ecr.${REGION}.amazonaws.com/djl-inference:0.33.0`),
      artifact: { bucket: this.#weights, key: `${inferenceComponentName}/v1.tar.gz` },
      environment: { HF_MODEL_ID: '/opt/ml/model' },
      metrics: { path: '/metrics', interval: Duration.seconds(60) },
    };
    const { fleet: _, ...options }: Required<InferenceComponentProps> = {
      fleet,
      model: InferenceModel.fromContainer(container),
      resources,
      initialCopies: 1,
      inferenceComponentName,
      modelDownloadTimeout: Duration.minutes(30),
      healthCheckTimeout: Duration.minutes(10),
      dataCache: true,
      placement,
      rollingUpdate,
      price: PRICE,
    };
    const component = fleet.addComponent('Component', options);
    const scaling: Required<CopyScalingOptions> = {
      min: 0,
      max: 2,
      targetConcurrency: 8,
      scaleOutCooldown: Duration.minutes(3),
      scaleInCooldown: Duration.minutes(10),
    };
    const schedule: Required<CopySchedule> = {
      schedule: Schedule.cron({ weekDay: 'MON-FRI', hour: '8', minute: '0' }),
      timeZone: TimeZone.EUROPE_BERLIN,
      min: 1,
      max: 2,
    };
    component.autoScaleCopies(scaling).scaleOnSchedule('Office', schedule);
    component.showPublishedCopies();
    return component;
  }

  #importedModel(): ImportedModel {
    const network: Required<ImportNetwork> = {
      vpc: this.#vpc,
      subnets: this.#vpcSubnets,
      securityGroups: [this.#securityGroup],
    };
    const props: Required<ImportedModelProps> = {
      weights: { bucket: this.#weights, prefix: 'imported/v1' },
      modelNamePrefix: 'writer',
      role: Role.fromRoleArn(this, 'ImportRole', `arn:aws:iam::${ACCOUNT}:role/import`),
      network,
      importTimeout: Duration.hours(2),
      removalPolicy: RemovalPolicy.RETAIN,
      architecture: ModelArchitecture.of('Llama', { supportsConverse: true, regions: [REGION] }),
      encryptionKey: this.#key('ModelKey'),
      price: PRICE,
      customModelUnits: 2,
      concurrencyPerCopy: 4,
    };
    return new ImportedModel(this, 'Imported', props);
  }

  #agents(
    component: InferenceComponent,
    nested: InferenceComponent,
    adapter: AdapterComponent,
    imported: ImportedModel,
  ) {
    const service: Required<HttpServiceProps> = {
      url: 'http://10.0.0.7/v1',
      model: 'qwen3-8b',
      secret: Secret.fromSecretCompleteArn(
        this,
        'ServiceKey',
        `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:service-AbCdEf`,
      ),
      secretField: 'key',
      secretHeader: 'x-key',
      secretScheme: 'Token',
      headers: { 'x-tenant': 'support' },
      allowPlainHttp: true,
      price: PRICE,
    };
    const search = LambdaFunction.fromFunctionAttributes(this, 'Search', {
      functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:search`,
      sameEnvironment: true,
    });
    const objective: Required<AgentObjective> = {
      p95: Duration.seconds(8),
      warmLatencies: { component: Duration.seconds(1) },
    };
    const ranker = SageMakerEndpoint.fromEndpointName('ranker', { price: PRICE, region: 'us-west-2' });
    const spare = SageMakerEndpoint.fromEndpointName('judges', { inferenceComponentName: 'judge' });
    const when: Required<NonNullable<SpilloverOptions['when']>> = {
      notReady: true,
      throttled: true,
      breakerOpen: true,
      maxInFlight: 8,
    };
    const breaker: Required<NonNullable<SpilloverOptions['breaker']>> = {
      failureRatio: 0.5,
      slowMs: 1_000,
      slowRatio: 0.5,
      minCalls: 10,
      windowMs: 30_000,
      consecutiveFaults: 5,
      openMs: 10_000,
      probes: 1,
    };
    const spillover: Required<SpilloverOptions> = { when, breaker };
    const allowance: Required<TenantAllowance> = { concurrency: 10, throttling: LIMITS };
    const tenantLimits: Required<TenantLimits> = { ...allowance, overrides: { acme: allowance } };
    const props: Required<Omit<AgentProps<typeof everyBinding>, 'entry' | 'bundling'>> = {
      graph: everyBinding,
      components: {
        component,
        adapter,
        endpoint: Spillover.of([ranker, spare], spillover),
        named: nested,
        imported,
        foundation: FoundationModel.fromModelId('amazon.nova-lite-v1:0', { price: PRICE, region: 'us-west-2' }),
        profile: InferenceProfile.fromProfileId('us.amazon.nova-pro-v1:0', { price: PRICE, region: 'us-west-2' }),
        application: InferenceProfile.fromApplicationProfileAttributes({
          profileArn: `arn:aws:bedrock:${REGION}:${ACCOUNT}:application-inference-profile/abcdefghijkl`,
          modelId: 'amazon.nova-micro-v1:0',
          price: PRICE,
        }),
        service: new HttpService(service),
        alias: LambdaTool.fromFunction(search, { price: PRICE }),
      },
      code: CODE,
      deadline: Duration.seconds(20),
      objective,
      memorySize: 2_048,
      reservedConcurrentExecutions: 10,
      environment: { STAGE: 'prod' },
      vpc: this.#vpc,
      vpcSubnets: this.#vpcSubnets,
      securityGroups: [this.#securityGroup],
      logGroup: LogGroup.fromLogGroupName(this, 'AgentLogs', 'agents'),
      runRecords: 'failed',
      tenantLimits,
    };
    const every = new Agent(this, 'Every', props);

    const bundling: Required<AgentBundling> = {
      conditions: ['source'],
      externalModules: ['layer'],
      define: { BUILD: '"1"' },
      loader: { '.md': 'text' },
      sourceMap: true,
    };
    const bundled = new Agent(this, 'Bundled', {
      graph: echo,
      entry: join(FIXTURES, 'echo.ts'),
      bundling,
      components: { writer: component },
    });

    for (const agent of [every, bundled]) agent.alarms(this.#alarms());
    this.#warmAndTune(every, component, nested, imported);
    return [every, bundled];
  }

  #warmAndTune(
    agent: Agent<typeof everyBinding>,
    component: InferenceComponent,
    nested: InferenceComponent,
    imported: ImportedModel,
  ): void {
    const { dashboard } = agent.dashboard();
    const { actions } = this.#alarms();

    const ofFleet: Required<Omit<PrewarmedComponent, 'customModelUnits'>> = {
      component,
      pricePerCopyHour: 1.2,
      firstCall: { contentType: 'application/json', body: '{"messages":[]}' },
      excluded: false,
    };
    const options: Required<PrewarmingOptions> = {
      monthlyBudget: 300,
      hourlyBudget: 10,
      policy: WarmingPolicy.ENTRY,
      components: [ofFleet, { component: nested, pricePerCopyHour: 0.8 }, { component: imported, customModelUnits: 2 }],
      maxSimultaneousWarms: 2,
      enabled: true,
      removalPolicy: RemovalPolicy.DESTROY,
    };
    const prewarming = agent.prewarm(options);
    const prewarmingAlarms: Required<PrewarmingAlarmsOptions> = { actions, maxBudgetPercent: 90 };
    prewarming.alarms(prewarmingAlarms);
    prewarming.addToDashboard(dashboard);

    const tuned: Required<TunedComponentOptions> = {
      component,
      minTarget: 2,
      maxTarget: 16,
      pricePerCopyHour: 1.2,
      objective: Duration.seconds(2),
      acknowledgedAt: '2026-11-01T00:00:00Z',
    };
    const mechanisms: Required<TuningMechanisms> = { targets: true, forecastFloor: true, burstGuard: true };
    const tunerOptions: Required<PolicyTunerOptions> = {
      mode: TuningMode.DRY_RUN,
      components: [tuned, { component: nested, pricePerCopyHour: 0.8 }],
      mechanisms,
      ledgerRetention: Duration.days(30),
      removalPolicy: RemovalPolicy.DESTROY,
    };
    const tuner = agent.tune(tunerOptions);
    const tunerAlarms: Required<TunerAlarmsOptions> = { actions };
    tuner.alarms(tunerAlarms);
    tuner.addToDashboard(dashboard);
  }

  #apis(agents: readonly Agent[]): void {
    const jwt: Required<JwtOptions> = {
      issuer: 'https://example.eu.auth0.com/',
      audience: ['https://agents.example.com'],
      jwksUri: 'https://example.eu.auth0.com/.well-known/jwks.json',
      tokenUse: JwtUse.ACCESS,
      scopes: ['agents:run'],
      tenantClaim: 'org_id',
      tenants: [TENANT],
      clockTolerance: Duration.seconds(30),
      resultsCacheTtl: Duration.minutes(1),
    };
    const props: Required<AgentApiProps> = {
      agents,
      authorization: ApiAuthorization.jwt(jwt),
      throttling: LIMITS,
      agentThrottling: { echo: LIMITS },
      validateInput: true,
      corsOrigin: 'https://app.example.com',
      webAclArn: `arn:aws:wafv2:${REGION}:${ACCOUNT}:regional/webacl/agents/01234567-89ab-cdef-0123-456789abcdef`,
      accessLogGroup: LogGroup.fromLogGroupName(this, 'ApiLogs', 'apis'),
      accountLogRole: false,
    };
    new AgentApi(this, 'Tokens', props).alarms(this.#alarms());

    const userPool = UserPool.fromUserPoolId(this, 'UserPool', `${REGION}_AbCdEfGhI`);
    const authorizer = new TokenAuthorizer(this, 'Authorizer', {
      handler: LambdaFunction.fromFunctionAttributes(this, 'AuthorizerFunction', {
        functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:authorizer`,
        sameEnvironment: true,
      }),
    });
    const others = {
      Iam: ApiAuthorization.iam(),
      Users: ApiAuthorization.cognito(userPool),
      Custom: ApiAuthorization.custom(authorizer),
      Keys: ApiAuthorization.apiKeys({ tenants: [TENANT] }),
      Open: ApiAuthorization.openToTheInternet(),
    };
    for (const [id, authorization] of Object.entries(others)) {
      new AgentApi(this, id, { agents, authorization, accountLogRole: id === 'Iam' });
    }
  }

  #alarms(): Required<AgentAlarmsOptions> {
    return { actions: [new SnsAction(this.#topic)], maxErrorPercent: 1 };
  }

  #key(id: string) {
    const keyId = `01234567-89ab-cdef-0123-${Buffer.from(id.padEnd(6, '0')).toString('hex').slice(0, 12)}`;
    return Key.fromKeyArn(this, id, `arn:aws:kms:${REGION}:${ACCOUNT}:key/${keyId}`);
  }
}
