import { CfnDeletionPolicy, Names } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, type IConnectable, type ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Rule } from 'aws-cdk-lib/aws-events';
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../errors';
import { assertConfiguration, known, show, warn } from '../private/checks';
import { checkEndpointName } from '../private/endpoint-arn';
import { acknowledge } from '../private/findings';
import { checkSageMakerName } from '../private/sagemaker-name';
import { checkShape } from '../private/shape';
import { partOfStackId } from '../private/stack-id';
import type { IInferenceFleet } from './fleet-ref';
import { InferenceComponent, type InferenceComponentOptions } from './inference-component';
import { InferenceFleetBase } from './inference-fleet-base';
import type { InferenceFleetAttributes, InferenceFleetProps } from './inference-fleet-props';
import type { InferenceInstanceType } from './instance-type';
import { ComponentStacks } from './private/component-stacks';
import { ConfigurationDrift } from './private/configuration-drift';
import { executionRole } from './private/execution-role';
import { checkFleet } from './private/fleet-checks';
import { warnOfRegion } from './private/regions';
import { EXISTING_FLEET } from './private/shapes';
import { initialOf, minOf, VARIANT, variantOf } from './private/variant';

/**
 * One SageMaker endpoint whose instances host many inference components.
 *
 * SageMaker starts and stops instances as the copies of the components need them. Instances bill from the first deployment on.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html
 */
export class InferenceFleet extends InferenceFleetBase implements IConnectable {
  /** A fleet that another stack or tool made. */
  public static fromFleetAttributes(
    scope: Construct,
    id: string,
    attributes: InferenceFleetAttributes,
  ): IInferenceFleet {
    return new ImportedFleet(scope, id, attributes);
  }

  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly variantName = VARIANT;
  public readonly instanceTypes: readonly InferenceInstanceType[];
  public override readonly role: IRole;

  /** Fewest instances. */
  public readonly minInstances: number;

  /**
   * Fires when the endpoint serves with another configuration than the one deployed: SageMaker rolls a failed update back, while
   * CloudFormation reports success. Subscribe to it.
   */
  public readonly rollbackAlarm: Alarm;

  /** Matches the event behind `rollbackAlarm`, for targets that want its details. */
  public readonly rollbackRule: Rule;

  readonly #connections: Connections | undefined;
  readonly #componentStacks: ComponentStacks | undefined;

  constructor(scope: Construct, id: string, props: InferenceFleetProps) {
    super(scope, id);
    assertConfiguration(this, (report) => checkFleet(props, report));
    this.instanceTypes = [...props.instanceTypes];
    this.minInstances = minOf(props);
    warnOfRegion(this);
    this.#warnOfUnknownTypes();

    // The name must be known to what is there before the endpoint, and differ between stacks.
    const prefix = `${Names.uniqueResourceName(this, { maxLength: 54, separator: '-' }).toLowerCase()}-`;
    const name = `${prefix}${partOfStackId()}`;
    const network = this.#network(props);
    this.#connections = network && new Connections({ securityGroups: [...network.securityGroups] });
    const vpcConfig = network && {
      subnets: network.subnets,
      securityGroupIds: network.securityGroups.map(({ securityGroupId }) => securityGroupId),
    };
    const joined = network && vpcConfig && { ...vpcConfig, subnetOwner: network.owner };
    this.role = props.role ?? executionRole(this, 'Role', { endpointNamePrefix: prefix, vpcConfig: joined });

    const config = new CfnEndpointConfig(this, 'Config', {
      executionRoleArn: this.role.roleArn,
      productionVariants: [variantOf(props)],
      vpcConfig,
      enableNetworkIsolation: props.networkIsolation,
      kmsKeyId: props.volumeKey?.keyArn,
      metricsConfig: props.enhancedMetrics === undefined ? undefined : { enableEnhancedMetrics: props.enhancedMetrics },
    });
    if (props.volumeKey) grantVolumes(props.volumeKey, this.role).applyBefore(config);
    if (this.instanceTypes.some(({ facts }) => facts?.hasNvme)) {
      acknowledge(config, 'The hardware encrypts NVMe storage, and SageMaker refuses a key of yours for it', [
        'NIST.800.53.R5-SageMakerEndpointConfigurationKMSKeyConfigured',
      ]);
    }
    // After a rollback the endpoint goes on with the old configuration, and cannot be updated or patched without it.
    config.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    config.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;

    const endpoint = new CfnEndpoint(this, 'Resource', {
      endpointName: name,
      endpointConfigName: config.attrEndpointConfigName,
      // Without it an update sets the count of instances that scaling has found back to the initial one.
      retainAllVariantProperties: true,
    });
    this.endpointName = endpoint.attrEndpointName;
    this.endpointArn = endpoint.ref;

    const drift = new ConfigurationDrift(this, 'Rollback', {
      endpointName: name,
      endpointConfigName: config.attrEndpointConfigName,
    });
    endpoint.node.addDependency(drift.rule);
    // Containers may need routes, and must be gone before these.
    if (network) endpoint.node.addDependency(network.internetConnectivityEstablished);
    this.rollbackAlarm = drift.alarm;
    this.rollbackRule = drift.rule;

    const { componentStacks } = props;
    this.#componentStacks = componentStacks === undefined ? undefined : new ComponentStacks(this, componentStacks);
    this.checkMembersAtSynthesis(
      {
        instanceTypes: this.instanceTypes,
        minInstances: known(minOf(props)),
        maxInstances: known(props.maxInstances),
      },
      componentStacks ?? 0,
    );
    this.#warnOfBill(initialOf(props));
  }

  /** Who may connect to the containers, and to whom they connect. @throws ConfigurationError without a VPC */
  public get connections(): Connections {
    if (this.#connections !== undefined) return this.#connections;
    const message = 'needs a VPC: give the fleet a vpc';
    throw new ConfigurationError(this.node.path, [{ id: 'fleet/no-connections', field: 'connections', message }]);
  }

  /** Places a model on the fleet: in its stack, or with `componentStacks` in one of its nested stacks. */
  public addComponent(id: string, options: InferenceComponentOptions): InferenceComponent {
    return new InferenceComponent(this.#componentStacks?.scopeOf(id) ?? this, id, { ...options, fleet: this });
  }

  #network({ vpc, vpcSubnets, securityGroups }: InferenceFleetProps) {
    if (vpc === undefined) return undefined;
    const groups: readonly ISecurityGroup[] = securityGroups ?? [
      new SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Containers of a fleet of inference components' }),
    ];
    const { subnetIds, internetConnectivityEstablished } = vpc.selectSubnets(vpcSubnets);
    return { subnets: subnetIds, owner: vpc.env.account, securityGroups: groups, internetConnectivityEstablished };
  }

  #warnOfUnknownTypes(): void {
    for (const { name, facts } of this.instanceTypes) {
      if (facts !== undefined) continue;
      warn(
        this,
        'fleet/unknown-instance-type',
        `it is not known what ${show(name)} has, so not checked whether components fit: give its facts, as in ` +
          `InferenceInstanceType.of(${show(name)}, { accelerators: 1, memoryGiB: 64, vcpus: 16, hasNvme: true })`,
      );
    }
  }

  #warnOfBill(initial: number): void {
    const types = this.instanceTypes.map(({ name }) => show(name)).join(' or ');
    warn(
      this,
      'fleet/bills-instances',
      `the first deployment starts at least ${show(initial)} instance(s) of ${types}, which bill until they scale in or the stack is deleted`,
    );
  }
}

/**
 * Permits to have SageMaker use the key for the volumes, as long as it is an AWS service that asks.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
function grantVolumes(key: IKey, grantee: IRole): Grant {
  return Grant.addToPrincipalOrResource({
    grantee,
    actions: ['kms:CreateGrant'],
    resourceArns: [key.keyArn],
    resource: key,
    resourceSelfArns: ['*'],
    conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  });
}

class ImportedFleet extends InferenceFleetBase {
  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly variantName: string;
  public readonly instanceTypes: readonly InferenceInstanceType[];
  public override readonly role?: IRole;

  constructor(scope: Construct, id: string, attributes: InferenceFleetAttributes) {
    super(scope, id);
    assertConfiguration(this, (report) => {
      if (!checkShape('fleet', '', attributes, EXISTING_FLEET, report)) return;
      checkSageMakerName('fleet/name', 'endpointName', attributes.endpointName, report);
      if (attributes.endpointArn) return;
      checkEndpointName('fleet/endpoint-name-late', attributes.endpointName, 'give its endpointArn, too', report);
    });
    const { endpointName, endpointArn } = attributes;
    this.endpointName = endpointName;
    this.endpointArn =
      endpointArn ?? this.stack.formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: endpointName });
    this.variantName = attributes.variantName ?? VARIANT;
    this.instanceTypes = [...(attributes.instanceTypes ?? [])];
    this.role = attributes.role;
    this.checkMembersAtSynthesis({
      instanceTypes: this.instanceTypes,
      minInstances: undefined,
      maxInstances: undefined,
    });
  }
}
