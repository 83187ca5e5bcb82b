import { randomUUID } from 'node:crypto';
import { isComplete, onEvent } from '../../../lambda/importer';
import type { ImportProperties, ResourceRequest } from '../../../lambda/importer/requests';
import { BedrockControlPlane, type Call } from '../../support/bedrock-control-plane';
import { ACCOUNT, REGION } from '../../support/resolve-template';
import { viaBedrock } from './aws-calls';
import type { IamCall } from './iam';

const LISTED_ON: Readonly<Record<string, string>> = {
  GetModelImportJob: 'model-import-job',
  GetImportedModel: 'imported-model',
  DeleteImportedModel: 'imported-model',
};

/**
 * What IAM is asked while a model is imported, tagged otherwise, replaced and deleted by the functions of the package,
 * through their own handlers.
 */
export async function recordImporter(properties: ImportProperties): Promise<IamCall[]> {
  const plane = await BedrockControlPlane.start({ region: REGION });
  process.env.AWS_ENDPOINT_URL_BEDROCK = plane.url;
  try {
    await liveThrough(properties);
    return plane.calls.flatMap(iamCallsOf);
  } finally {
    await plane.stop();
  }
}

async function liveThrough(first: ImportProperties): Promise<void> {
  const untagged = { ...first, Tags: [] };
  const tagged = { ...first, Tags: [{ key: 'team', value: 'shop' }] };
  const replaced = { ...first, WeightsUri: first.WeightsUri.replace(/\/$/, '-next/') };
  const model = await deploy('Create', untagged);
  await deploy('Update', tagged, model, untagged);
  await deploy('Update', untagged, model, tagged);
  const next = await deploy('Update', replaced, model, untagged);
  await deploy('Delete', untagged, model);
  await deploy('Delete', replaced, next);
}

/** Passes a request through the functions as the framework of the CDK does. @returns the physical id */
async function deploy(
  RequestType: ResourceRequest['RequestType'],
  ResourceProperties: ImportProperties,
  PhysicalResourceId?: string,
  OldResourceProperties?: ImportProperties,
): Promise<string> {
  const request: ResourceRequest = {
    RequestType,
    RequestId: randomUUID(),
    StackId: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/test/00000000-0000-0000-0000-000000000000`,
    LogicalResourceId: 'Model',
    ResourceProperties,
    ...(PhysicalResourceId !== undefined && { PhysicalResourceId }),
    ...(OldResourceProperties && { OldResourceProperties }),
  };
  const pending = { ...request, ...(await onEvent(request)) };
  while (!(await isComplete(pending)).IsComplete);
  return pending.PhysicalResourceId;
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html */
function iamCallsOf({ operation, id, body }: Call): IamCall[] {
  const action = `bedrock:${operation}`;
  if (operation === 'CreateModelImportJob') return [{ action, resource: '*' }, ...starting(body)];
  if (operation === 'ListModelImportJobs') return [{ action, resource: '*' }];
  const resource = String(body.resourceARN ?? id);
  const type = LISTED_ON[operation];
  return [{ action, resource: resource.startsWith('arn:') ? resource : `arn:aws:bedrock:${REGION}:${ACCOUNT}:${type}/${resource}` }];
}

function starting({ roleArn, importedModelKmsKeyId }: Call['body']): IamCall[] {
  return [
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    {
      action: 'iam:PassRole',
      resource: String(roleArn),
      context: { 'iam:PassedToService': 'bedrock.amazonaws.com' },
    },
    // https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-using-cmk.html
    ...(importedModelKmsKeyId === undefined
      ? []
      : ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'].map((use) =>
          viaBedrock(use, String(importedModelKmsKeyId)),
        )),
  ];
}
