import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { known, type Report, show } from '../../private/checks';
import { checkShape } from '../../private/shape';
import { selectedSubnets } from '../../private/subnets';
import type { ImportedModelProps } from '../imported-model-props';
import { checkModelPrice } from './model-price';
import { IMPORTED_MODEL } from './shapes';

/** How long one resource waits: CloudFormation gives up after an hour, and the answer needs time to arrive. */
export const WAIT = Duration.minutes(55);

const MAX_TIMEOUT = Duration.hours(12);

/**
 * Regions that have Custom Model Import.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-import-model.html
 */
const REGIONS: readonly string[] = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-central-1'];

/** Room for two fingerprints, that of the inputs and that of the import job, in the 63 characters of a job's name. */
const MAX_PREFIX_LENGTH = 40;

const NAME_PREFIX = /^[0-9a-zA-Z](-?[0-9a-zA-Z])*$/;

const MODEL_ARN = /^arn:[\w-]+:bedrock:[a-z0-9-]+:\d{12}:imported-model\/[a-z0-9]{12}$/;

export function checkImport(scope: Construct, props: ImportedModelProps, report: Report): void {
  if (!checkShape('imported-model', '', props, IMPORTED_MODEL, report)) return;
  checkRegion(Stack.of(scope).region, props, report);
  checkWeights(props, report);
  checkNetwork(props, report);

  const prefix = known(props.modelNamePrefix);
  if (prefix !== undefined && (prefix.length > MAX_PREFIX_LENGTH || !NAME_PREFIX.test(prefix))) {
    report(
      'imported-model/name-prefix',
      'modelNamePrefix',
      `must be 1 to ${MAX_PREFIX_LENGTH} letters, digits and single hyphens between them, got: ${show(prefix)}`,
    );
  }
  checkTimeout(props, report);
  checkModelPrice(props, report);
}

export function isModelArn(modelArn: string): boolean {
  return known(modelArn) === undefined || MODEL_ARN.test(modelArn);
}

export function checkModelArn(modelArn: string, report: Report): void {
  if (isModelArn(modelArn)) return;
  report(
    'imported-model/arn',
    'modelArn',
    `must be the ARN of an imported model, as in arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdefghijkl, got: ${show(modelArn)}`,
  );
}

function checkRegion(stackRegion: string, { architecture }: ImportedModelProps, report: Report): void {
  const region = known(stackRegion);
  if (region === undefined) return;
  if (!REGIONS.includes(region)) {
    report(
      'imported-model/region',
      'weights',
      `cannot be imported in ${region}, which has no Custom Model Import: deploy the stack to one of ${REGIONS.join(', ')}`,
    );
  } else if (architecture?.regions?.includes(region) === false) {
    report(
      'imported-model/architecture-region',
      'architecture',
      `${architecture.name} can be imported only in ${architecture.regions.join(', ')}, not in ${region}: deploy the stack there, or take ` +
        'a model of another architecture',
    );
  }
}

function checkWeights({ weights }: ImportedModelProps, report: Report): void {
  const prefix = known(weights.prefix);
  if (prefix === undefined) return;
  const reject = (message: string) =>
    report('imported-model/weights', 'weights.prefix', `${message}, got: ${show(prefix)}`);
  if (prefix.replaceAll('/', '') === '') {
    reject('must name the folder that holds config.json and the weights, not the whole bucket');
  } else if (/^(s3:|\/)/.test(prefix)) {
    reject('must be a key in the bucket, as in "writer/v3", without the bucket and a slash before it');
  } else if (/[*?$]/.test(prefix)) {
    reject('must not hold *, ? or $, which would permit to read more than this folder');
  }
}

function checkNetwork({ network }: ImportedModelProps, report: Report): void {
  if (network === undefined) return;
  const { vpc, subnets, securityGroups } = network;
  selectedSubnets('imported-model/network', 'network.subnets', vpc, subnets, report);
  if (securityGroups?.length === 0) {
    const remedy = 'leave it out for one that allows all outbound traffic';
    report('imported-model/network', 'network.securityGroups', `must not be empty: ${remedy}`);
  }
}

function checkTimeout({ importTimeout }: ImportedModelProps, report: Report): void {
  if (importTimeout === undefined) return;
  const reject = (message: string) => report('imported-model/import-timeout', 'importTimeout', message);
  if (importTimeout.isUnresolved()) {
    reject('must be known at synthesis, because it says how many resources wait for the import');
    return;
  }
  const seconds = importTimeout.toSeconds({ integral: false });
  if (seconds < WAIT.toSeconds() || seconds > MAX_TIMEOUT.toSeconds()) {
    reject(`must be 55 minutes to 12 hours, got: ${seconds} seconds`);
  }
}
