import { CustomResource, type ITaggableV2, Names, RemovalPolicy, TagManager, TagType } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Price } from '../../core/graph/binding';
import { assertConfiguration } from '../private/checks';
import { checkShape } from '../private/shape';
import type { ModelArchitecture } from './imported-model-architecture';
import { ImportedModelBase } from './imported-model-base';
import type { ImportedModelProps, ImportNetwork } from './imported-model-props';
import type { IImportedModel, ImportedModelOptions } from './imported-model-ref';
import { checkImport, checkModelArn, isModelArn, WAIT } from './private/import-checks';
import { importRole, permitNetwork, permitWeights } from './private/import-role';
import { ImporterProvider } from './private/importer-provider';
import { checkModelPrice, modelPrice } from './private/model-price';
import { STACK_TAG } from './private/perms';
import { MODEL_OPTIONS } from './private/shapes';

const RESOURCE_TYPE = 'Custom::BedrockImportedModel';
const WAIT_RESOURCE_TYPE = 'Custom::BedrockModelImportWait';

/**
 * A model of yours in Bedrock, by Custom Model Import: Bedrock runs copies while there are calls, and none without.
 *
 * Other weights or another key make a new import beside the old model, which serves until the deployment is through.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-import-model.html
 */
export class ImportedModel extends ImportedModelBase implements ITaggableV2 {
  /** A model that was imported already. */
  public static fromModelArn(
    scope: Construct,
    id: string,
    modelArn: string,
    options: ImportedModelOptions = {},
  ): IImportedModel {
    return new ExistingModel(scope, id, modelArn, options);
  }

  public readonly modelArn: string;
  public readonly encryptionKey?: IKey;
  public readonly customModelUnits?: number;

  /** What the import runs as. */
  public readonly role: IRole;

  /** Tags of the model, which `Tags.of` sets, and one that names its stack. */
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, RESOURCE_TYPE);

  protected readonly architecture?: ModelArchitecture;
  protected readonly price?: Price;

  constructor(scope: Construct, id: string, props: ImportedModelProps) {
    super(scope, id);
    assertConfiguration(this, (report) => checkImport(this, props, report));
    // No other may take its place: the importer deletes only what bears it.
    this.cdkTagManager.setTag(STACK_TAG, this.stack.stackName, Number.MAX_SAFE_INTEGER);
    const { weights, encryptionKey, network } = props;
    this.encryptionKey = encryptionKey;
    this.architecture = props.architecture;
    this.customModelUnits = props.customModelUnits;
    this.price = modelPrice(props);

    const folder = weights.prefix.replace(/\/+$/, '');
    this.role = props.role ?? importRole(this, 'Role');
    permitWeights(this.role, weights, folder);
    const provider = ImporterProvider.of(this);
    provider.permit(this.role, encryptionKey);

    const { dependencies = [], ...connection } = network ? this.#connect(network) : {};
    const waits = Math.ceil((props.importTimeout ?? WAIT).toSeconds({ integral: false }) / WAIT.toSeconds());
    const waiting = (turn: number) => ({ WaitSeconds: String(WAIT.toSeconds()), Continued: String(turn < waits) });
    const resource = new CustomResource(this, 'Resource', {
      resourceType: RESOURCE_TYPE,
      serviceToken: provider.serviceToken,
      properties: {
        NamePrefix: props.modelNamePrefix ?? Names.uniqueResourceName(this, { maxLength: 40, separator: '-' }),
        WeightsUri: `s3://${weights.bucket.bucketName}/${folder}/`,
        RoleArn: this.role.roleArn,
        KmsKeyId: encryptionKey?.keyArn,
        ...connection,
        Tags: this.cdkTagManager.renderedTags,
        ...waiting(1),
      },
    });
    this.node.defaultChild = resource.node.defaultChild;
    this.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.DESTROY);
    // The import needs what the role may do and the way to the weights, and so does its deletion while it runs.
    resource.node.addDependency(this.role, ...dependencies);

    // The last one has the same id whatever the timeout, for other stacks import the ARN under a name made of it.
    const turns = Math.max(2, waits);
    let last = resource;
    for (let turn = 2; turn <= turns; turn += 1) {
      const next = new CustomResource(this, turn === turns ? 'Ready' : `Wait${turn}`, {
        resourceType: WAIT_RESOURCE_TYPE,
        serviceToken: provider.serviceToken,
        properties: { JobArn: resource.getAttString('JobArn'), ImportName: resource.ref, ...waiting(turn) },
      });
      next.node.addDependency(last);
      last = next;
    }
    this.modelArn = last.getAttString('ModelArn');
  }

  /** What is retained is what has been in service: a creation that is rolled back leaves nothing. */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    super.applyRemovalPolicy(policy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy);
  }

  #connect({ vpc, subnets, securityGroups }: ImportNetwork) {
    const { subnetIds, internetConnectivityEstablished } = vpc.selectSubnets(subnets);
    const description = 'Import of a model into Bedrock';
    const groups = securityGroups ?? [new SecurityGroup(this, 'SecurityGroup', { vpc, description })];
    const groupIds = groups.map(({ securityGroupId }) => securityGroupId);
    permitNetwork(this, this.role, { subnetIds, subnetOwner: vpc.env.account, securityGroupIds: groupIds });
    return {
      SubnetIds: subnetIds,
      SecurityGroupIds: groupIds,
      // The routes, the gateway endpoint and the rules, to which nothing refers.
      dependencies: [vpc, internetConnectivityEstablished, ...groups],
    };
  }
}

class ExistingModel extends ImportedModelBase {
  public override readonly encryptionKey?: IKey;
  public override readonly customModelUnits?: number;
  protected readonly architecture?: ModelArchitecture;
  protected readonly price?: Price;

  constructor(
    scope: Construct,
    id: string,
    public readonly modelArn: string,
    options: ImportedModelOptions,
  ) {
    super(scope, id, { environmentFromArn: isModelArn(modelArn) ? modelArn : undefined });
    assertConfiguration(this, (report) => {
      if (!checkShape('imported-model', '', options, MODEL_OPTIONS, report)) return;
      checkModelArn(modelArn, report);
      checkModelPrice(options, report);
    });
    this.encryptionKey = options.encryptionKey;
    this.architecture = options.architecture;
    this.customModelUnits = options.customModelUnits;
    this.price = modelPrice(options);
  }
}
