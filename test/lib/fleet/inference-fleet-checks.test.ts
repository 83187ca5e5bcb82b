import { App, Aws, CfnParameter, Annotations as CoreAnnotations, Duration, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ConfigurationError } from '../../../lib/errors';
import { InferenceComponent } from '../../../lib/fleet/inference-component';
import { InferenceFleet } from '../../../lib/fleet/inference-fleet';
import type { InferenceFleetProps } from '../../../lib/fleet/inference-fleet-props';
import { InferenceModel } from '../../../lib/fleet/inference-model';
import { InferenceInstanceType } from '../../../lib/fleet/instance-type';
import { RoutingStrategy } from '../../../lib/fleet/routing-strategy';
import { ScaleInPolicy } from '../../../lib/fleet/scale-in-policy';

const { G5_XLARGE, G6_XLARGE, G6_12XLARGE } = InferenceInstanceType;

function newFleet(props: Partial<InferenceFleetProps> = {}, stack = new Stack(new App(), 'Test')): InferenceFleet {
  return new InferenceFleet(stack, 'Gpu', { instanceTypes: [G6_12XLARGE], maxInstances: 4, ...props });
}

/** The faults of a fleet, as its error lists them. */
function faultsWith(props: Partial<InferenceFleetProps>, stack?: Stack): string[] {
  try {
    newFleet(props, stack);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n  ').slice(1);
    throw error;
  }
  return [];
}

const RESERVATION = 'arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan';

const types = (...names: string[]) => names.map((name) => InferenceInstanceType.of(`ml.${name}`));
const prefixAware = (prefixLength: number, concurrencyThreshold: number) => ({
  routing: RoutingStrategy.prefixAware({ prefixLength, concurrencyThreshold }),
});

test.each<[Partial<InferenceFleetProps>, string]>([
  [
    { instanceTypes: [] },
    'instanceTypes: must not be empty: give the type to prefer, then those to fall back to [fleet/no-instance-type]',
  ],
  [
    { instanceTypes: types('g5.xlarge', 'g5.2xlarge', 'g5.4xlarge', 'g6.xlarge', 'g6.2xlarge', 'g6.4xlarge') },
    'instanceTypes: must have at most 5 types, got: 6; leave out the last [fleet/too-many-instance-types]',
  ],
  [
    { routing: 'RANDOM' as never },
    'routing: must be a RoutingStrategy, as RoutingStrategy.RANDOM is, got: "RANDOM" [fleet/kind]',
  ],
  [
    { scaleIn: 'IDLE_RELEASE' as never },
    'scaleIn: must be a ScaleInPolicy, as ScaleInPolicy.IDLE_RELEASE is, got: "IDLE_RELEASE" [fleet/kind]',
  ],
  [
    { instanceTypes: [InferenceInstanceType.of('g6.12xlarge')] },
    'instanceTypes[0]: must be a type of SageMaker such as "ml.g6.12xlarge", got: "g6.12xlarge" [fleet/instance-type-name]',
  ],
  [
    { instanceTypes: types('g6.xlarge', 'g5.xlarge', 'g6.xlarge') },
    'instanceTypes[2]: is there already, got: "ml.g6.xlarge"; remove it [fleet/duplicate-instance-type]',
  ],
  [
    { capacityReservationArn: RESERVATION, instanceTypes: [G6_XLARGE, G5_XLARGE] },
    'capacityReservationArn: holds instances of one type, but instanceTypes has 2: keep the reserved one ' +
      '[fleet/reservation-with-several-types]',
  ],
  [
    { capacityReservationArn: 'nope' },
    'capacityReservationArn: must be the ARN of an ML capacity reservation, as in ' +
      'arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan, got: "nope" [fleet/reservation-arn]',
  ],
  [{ minInstances: 5 }, 'minInstances: must not be above maxInstances (4), got: 5 [fleet/min-above-max]'],
  [{ minInstances: -1 }, 'minInstances: must be a whole number from 0 up, got: -1 [fleet/instance-count]'],
  [{ minInstances: 1.5 }, 'minInstances: must be a whole number from 0 up, got: 1.5 [fleet/instance-count]'],
  [{ maxInstances: 0 }, 'maxInstances: must be a whole number from 1 up, got: 0 [fleet/instance-count]'],
  [{ initialInstances: 0 }, 'initialInstances: must be a whole number from 1 up, got: 0 [fleet/instance-count]'],
  [{ initialInstances: 5 }, 'initialInstances: must not be above maxInstances (4), got: 5 [fleet/initial-above-max]'],
  [
    { minInstances: 2, initialInstances: 1 },
    'initialInstances: must not be below minInstances (2), got: 1 [fleet/initial-below-min]',
  ],
  [
    { provisioningTimeout: Duration.minutes(4) },
    'provisioningTimeout: must be 5 minutes to an hour in whole seconds, got: 240 s [fleet/provisioning-timeout]',
  ],
  [
    { provisioningTimeout: Duration.millis(600_500) },
    'provisioningTimeout: must be 5 minutes to an hour in whole seconds, got: 600.5 s [fleet/provisioning-timeout]',
  ],
  [
    { scaleIn: ScaleInPolicy.consolidation({ maxStep: 0 }) },
    'scaleIn.maxStep: must be a whole number from 1 to 100, got: 0 [fleet/scale-in-step]',
  ],
  [
    { scaleIn: ScaleInPolicy.consolidation({ cooldown: Duration.seconds(90) }) },
    'scaleIn.cooldown: must be 5 minutes to a day in whole minutes, got: 1.5 min [fleet/scale-in-cooldown]',
  ],
  [
    prefixAware(100, 8),
    'routing.prefixLength: must be a whole number from 1024 to 65536, got: 100 [fleet/prefix-length]',
  ],
  [
    prefixAware(1024, 2000),
    'routing.concurrencyThreshold: must be a whole number from 1 to 1024, got: 2000 [fleet/prefix-concurrency]',
  ],
  [
    { vpcSubnets: { subnetType: SubnetType.PUBLIC } },
    'vpcSubnets: needs vpc: give the network that has the subnets [fleet/vpc-missing]',
  ],
])('%j is refused', (props, fault) => {
  expect(faultsWith(props)).toEqual([fault]);
});

test('security groups need a VPC', () => {
  const stack = new Stack();
  const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')];
  expect(faultsWith({ securityGroups }, stack)).toEqual([
    'securityGroups: needs vpc: give the network that has the security groups [fleet/vpc-missing]',
  ]);
});

test('a volume key is refused with NVMe storage', () => {
  const stack = new Stack();
  const instanceTypes = types('m5.xlarge', 'g5.xlarge');
  expect(faultsWith({ instanceTypes, volumeKey: new Key(stack, 'Key') }, stack)).toEqual([
    'volumeKey: is not possible with ml.g5.xlarge, whose NVMe storage the hardware encrypts: leave out volumeKey or the type ' +
      '[fleet/volume-key-with-nvme]',
  ]);
});

test('a VPC must have subnets for the fleet and, if groups are given, one of them', () => {
  const stack = new Stack();
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1 });
  expect(faultsWith({ vpc, vpcSubnets: { subnets: [] }, securityGroups: [] }, stack)).toEqual([
    'vpcSubnets: selects no subnet of Default/Vpc: name subnets that it has [fleet/no-subnets]',
    'securityGroups: must not be empty: give at least one, or leave it out for a new one [fleet/no-security-groups]',
  ]);
});

test('a VPC without subnets of the kind asked for hides no other fault', () => {
  const stack = new Stack();
  const vpc = new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Open', subnetType: SubnetType.PUBLIC }] });
  const vpcSubnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  expect(faultsWith({ vpc, vpcSubnets, minInstances: 5 }, stack)).toEqual([
    'minInstances: must not be above maxInstances (4), got: 5 [fleet/min-above-max]',
    expect.stringMatching(
      /^vpcSubnets: selects no subnet of Default\/Vpc \(There are no 'Private' subnet groups in this VPC.*\): name subnets that it has \[fleet\/no-subnets\]$/,
    ),
  ]);
});

test('a minimum known at deployment only needs a number of instances to begin with', () => {
  expect(faultsWith({ minInstances: Token.asNumber(Aws.ACCOUNT_ID) })).toEqual([
    'initialInstances: must be given, because minInstances is known only at deployment and may be 0, which SageMaker refuses ' +
      '[fleet/initial-instances]',
  ]);
});

test('all faults are in one error, with the path of the fleet', () => {
  const wrong = { instanceTypes: [], maxInstances: 2, minInstances: 3, provisioningTimeout: Duration.hours(2) };
  expect(() => newFleet(wrong)).toThrow(/^Test\/Gpu has 3 fault\(s\):/);
  expect(faultsWith(wrong)).toHaveLength(3);
});

test('what is known at deployment only is not checked', () => {
  const stack = new Stack();
  const parameter = new CfnParameter(stack, 'Type');
  const number = Token.asNumber(Aws.ACCOUNT_ID);
  const props: Partial<InferenceFleetProps> = {
    instanceTypes: [InferenceInstanceType.of(parameter.valueAsString), G5_XLARGE],
    minInstances: number,
    maxInstances: number,
    initialInstances: number,
    provisioningTimeout: Duration.seconds(number),
    scaleIn: ScaleInPolicy.consolidation({ maxStep: number }),
    ...prefixAware(number, number),
  };
  expect(faultsWith(props, stack)).toEqual([]);
  Annotations.fromStack(stack).hasWarning(
    '*',
    Match.stringLikeRegexp('starts at least \\(known at deployment\\) instance'),
  );
});

test('connections are refused without a VPC', () => {
  expect(() => newFleet().connections).toThrow('connections: needs a VPC: give the fleet a vpc [fleet/no-connections]');
});

describe('warnings', () => {
  test('the first bill is announced', () => {
    const fleet = newFleet({ instanceTypes: [G6_XLARGE, G5_XLARGE], minInstances: 2 });
    Annotations.fromStack(fleet.stack).hasWarning(
      '/Test/Gpu',
      'the first deployment starts at least 2 instance(s) of "ml.g6.xlarge" or "ml.g5.xlarge", which bill until they scale in or the stack ' +
        'is deleted [ack: cdk-compound-inference:fleet/bills-instances]',
    );
  });

  test('an unknown instance type is told, with what to do', () => {
    const fleet = newFleet({ instanceTypes: types('m8g.xlarge') });
    Annotations.fromStack(fleet.stack).hasWarning(
      '/Test/Gpu',
      'it is not known what "ml.m8g.xlarge" has, so not checked whether components fit: give its facts, as in ' +
        'InferenceInstanceType.of("ml.m8g.xlarge", { accelerators: 1, memoryGiB: 64, vcpus: 16, hasNvme: true }) ' +
        '[ack: cdk-compound-inference:fleet/unknown-instance-type]',
    );
  });

  test('a Region may have no inference components', () => {
    const fleet = newFleet({}, new Stack(new App(), 'Test', { env: { region: 'eu-west-3' } }));
    Annotations.fromStack(fleet.stack).hasWarning(
      '/Test/Gpu',
      Match.stringLikeRegexp(
        '^"eu-west-3" has no inference components as far as is known: use one of ap-northeast-1, .*us-west-2, ' +
          'or acknowledge this if it has them now \\[ack: cdk-compound-inference:fleet/region\\]$',
      ),
    );
  });

  test('they can be acknowledged', () => {
    const fleet = newFleet();
    CoreAnnotations.of(fleet).acknowledgeWarning('cdk-compound-inference:fleet/bills-instances');
    Annotations.fromStack(fleet.stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('what components take', () => {
  interface Copies {
    readonly accelerators?: number;
    readonly cpuCores?: number;
    readonly memoryMiB?: number;
    readonly initial?: number;
    readonly min?: number;
    readonly max?: number;
    readonly scheduledMin?: number;
  }

  const model = InferenceModel.fromSageMakerModelName('any');

  function add(fleet: InferenceFleet, id: string, copies: Copies) {
    const { initial, min = 1, max = Math.max(min, 1), scheduledMin, memoryMiB = 1024, ...resources } = copies;
    const options = { model, resources: { ...resources, memoryMiB }, initialCopies: initial };
    const component = fleet.addComponent(id, options);
    const scaling = component.autoScaleCopies({ min, max, targetConcurrency: 1 });
    const schedule = Schedule.cron({ hour: '8', minute: '0' });
    if (scheduledMin !== undefined) scaling.scaleOnSchedule('Day', { schedule, min: scheduledMin });
    return component;
  }

  function fleetWith(props: Partial<InferenceFleetProps>, members: Readonly<Record<string, Copies>>) {
    const fleet = newFleet(props);
    for (const [id, copies] of Object.entries(members)) add(fleet, id, copies);
    return fleet;
  }

  function errorsOf(fleet: InferenceFleet): string {
    try {
      Template.fromStack(fleet.stack);
    } catch (error) {
      return String(error);
    }
    return '';
  }

  function warningsOf(fleet: InferenceFleet): string[] {
    const warnings = Annotations.fromStack(fleet.stack).findWarning('*', Match.anyValue());
    return warnings.map(({ entry }) => entry.data as string).filter((text) => !text.includes('bills-instances'));
  }

  test('must fit on an instance', () => {
    const fleet = fleetWith({ instanceTypes: types('g6.xlarge', 'g5.2xlarge') }, { writer: { accelerators: 2 } });
    expect(errorsOf(fleet)).toContain(
      'writer: a copy takes 2 accelerator(s), 1024 MiB, more than any instance has for copies ' +
        '(ml.g6.xlarge with 1 accelerator(s), 4 vCPU(s), 15360 MiB; ml.g5.2xlarge with 1 accelerator(s), 8 vCPU(s), 31744 MiB): ' +
        'use a larger type [fleet/copy-does-not-fit]',
    );
  });

  test.each([
    ['memory', { memoryMiB: 16 * 1024 }, '16384 MiB'],
    ['vCPUs', { cpuCores: 5 }, '5 vCPU(s), 1024 MiB'],
  ])('must leave the host some %s', (_, copies, taken) => {
    expect(errorsOf(fleetWith({ instanceTypes: [G6_XLARGE] }, { writer: copies }))).toContain(
      `a copy takes ${taken}, more than any instance has for copies (ml.g6.xlarge with 1 accelerator(s), 4 vCPU(s), 15360 MiB): ` +
        'use a larger type [fleet/copy-does-not-fit]',
    );
  });

  test('must not be more than the most instances have, when the components are created', () => {
    const fleet = fleetWith({ maxInstances: 2 }, { planner: { accelerators: 2, min: 3 }, writer: { accelerators: 4 } });
    expect(errorsOf(fleet)).toContain(
      'maxInstances: must be at least 3 for the copies that the components are created with, which take 10 accelerator(s), 4096 MiB, ' +
        'got: 2; raise it, lower these copies or use a larger instance type [fleet/initial-copies-do-not-fit]',
    );
  });

  test.each<[string, Copies, string]>([
    ['more copies than they keep', { accelerators: 4, initial: 8, max: 8 }, '8 for the copies'],
    ['one copy each, of those that scale to zero', { accelerators: 4, min: 0, initial: 2, max: 2 }, '2 for the copies'],
  ])('count when created with %s', (_, copies, needed) => {
    expect(errorsOf(fleetWith({ maxInstances: 1 }, { writer: copies }))).toContain(
      `maxInstances: must be at least ${needed} that the components are created with`,
    );
  });

  test('should be no more than the most instances have at the times of schedules', () => {
    const fleet = fleetWith({ maxInstances: 1 }, { writer: { accelerators: 1, min: 0, scheduledMin: 50, max: 50 } });
    expect(errorsOf(fleet)).toBe('');
    expect(warningsOf(fleet)).toEqual([
      'the copies that are always kept, by schedule or not, need at least 13 instances, more than maxInstances (1), if all are kept at ' +
        'the same time: raise it, or lower min (Test/Gpu/writer: 50) [ack: cdk-compound-inference:fleet/minimum-copies-do-not-fit]',
    ]);
  });

  test('should be no more than the most instances have under full load', () => {
    const copies = { accelerators: 2, max: 50 };
    const fleet = fleetWith({ maxInstances: 1 }, { planner: copies, writer: copies });
    expect(errorsOf(fleet)).toBe('');
    expect(warningsOf(fleet)).toEqual([
      'the most copies need at least 50 instances, more than maxInstances (1), if all components are busy at the same time: raise it, ' +
        'lower max (Test/Gpu/planner: 50, Test/Gpu/writer: 50), or acknowledge this if they are not ' +
        '[ack: cdk-compound-inference:fleet/most-copies-do-not-fit]',
    ]);
  });

  test('passes if it is on the instances even under full load', () => {
    const fleet = fleetWith({}, { planner: { accelerators: 2, max: 4 }, writer: { accelerators: 2, min: 0, max: 4 } });
    expect(errorsOf(fleet)).toBe('');
    expect(warningsOf(fleet)).toEqual([]);
  });

  test('may be anything on types of which nothing is known', () => {
    const fleet = fleetWith({ instanceTypes: types('m8g.xlarge') }, { writer: { accelerators: 99, min: 99 } });
    expect(errorsOf(fleet)).toBe('');
  });

  test('is checked as far as types are known', () => {
    const fleet = fleetWith({ instanceTypes: types('g6.xlarge', 'm8g.xlarge') }, { writer: { accelerators: 4 } });
    expect(errorsOf(fleet)).toBe('');
    expect(warningsOf(fleet)).toContainEqual(
      expect.stringContaining('[ack: cdk-compound-inference:fleet/type-too-small]'),
    );
  });

  test('should fit on every type that may be had', () => {
    const fleet = fleetWith({ instanceTypes: [G6_12XLARGE, G5_XLARGE] }, { planner: {}, writer: { accelerators: 4 } });
    expect(warningsOf(fleet)).toEqual([
      'ml.g5.xlarge has 1 accelerator(s), 4 vCPU(s), 15360 MiB for copies, too little for one of Test/Gpu/writer: on instances of this type ' +
        'it cannot run [ack: cdk-compound-inference:fleet/type-too-small]',
    ]);
  });

  test('should fit on instances of each type alone, when the components are created', () => {
    const instanceTypes = [G6_12XLARGE, G6_XLARGE];
    const fleet = fleetWith(
      { instanceTypes, maxInstances: 1 },
      { planner: { accelerators: 1 }, writer: { accelerators: 1 } },
    );
    expect(errorsOf(fleet)).toBe('');
    expect(warningsOf(fleet)).toEqual([
      'if only ml.g6.xlarge can be had, the copies that the components are created with need about 2 instances, more than ' +
        'maxInstances (1): raise it [ack: cdk-compound-inference:fleet/tight]',
    ]);
  });

  test('keeps a fleet from zero if copies always run', () => {
    const fleet = fleetWith({ minInstances: 0 }, { planner: { min: 1 }, writer: { min: 0 } });
    expect(warningsOf(fleet)).toEqual([
      'minInstances is 0, but the fleet never gets there, because copies always run (Test/Gpu/planner): scale these from 0, or say ' +
        'minInstances: 1 [ack: cdk-compound-inference:fleet/never-zero]',
    ]);
  });

  test('does not count for an adapter, which runs on the copies of its base', () => {
    const fleet = newFleet({ maxInstances: 1 });
    const bucket = Bucket.fromBucketName(fleet.stack, 'Bucket', 'weights');
    add(fleet, 'base', { accelerators: 4 }).addAdapter('Legal', { artifact: { bucket, key: 'legal/v1.tar.gz' } });
    expect(errorsOf(fleet)).toBe('');
  });

  test('is checked on a fleet that exists, too, if its types are known', () => {
    const stack = new Stack(new App(), 'Test');
    const attributes = { endpointName: 'shared', instanceTypes: [G6_XLARGE] };
    const fleet = InferenceFleet.fromFleetAttributes(stack, 'Gpu', attributes);
    new InferenceComponent(stack, 'Writer', { fleet, model, resources: { accelerators: 4, memoryMiB: 1024 } });
    expect(() => Template.fromStack(stack)).toThrow(
      'Test/Writer: a copy takes 4 accelerator(s), 1024 MiB, more than any instance has for copies',
    );
  });
});

test('a type given as text is refused, with the way to make it', () => {
  const stack = new Stack(new App(), 'Test');
  const instanceTypes = ['ml.g6.12xlarge'] as never;
  expect(() => new InferenceFleet(stack, 'Gpu', { instanceTypes, maxInstances: 1 })).toThrow(
    'instanceTypes[0]: must be an InferenceInstanceType, as in InferenceInstanceType.of(\'ml.g6.xlarge\'), got: "ml.g6.12xlarge" [fleet/kind]',
  );
});
