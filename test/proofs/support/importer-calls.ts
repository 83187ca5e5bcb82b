import type { ImportProperties } from '../../../lambda/importer/requests';
import { Deployment } from '../../lambda/importer/cloudformation';
import type { Call } from '../../support/bedrock-control-plane';
import { ACCOUNT, REGION } from '../../support/resolve-template';
import { via } from './aws-calls';
import type { IamCall } from './iam';

/** What IAM is asked while the functions of the importer make a model, tag it, replace it and delete it, by function. */
export async function recordImporter(
  properties: ImportProperties,
): Promise<{ accepting: IamCall[]; importing: IamCall[] }> {
  const deployment = await Deployment.start();
  const { calls } = deployment.plane;
  try {
    await deployment.deliver(deployment.request('Create', properties));
    const accepting = calls.splice(0);
    await liveThrough(deployment, properties);
    return { accepting: accepting.flatMap(iamCallsOf), importing: calls.flatMap(iamCallsOf) };
  } finally {
    await deployment.plane.stop();
  }
}

async function liveThrough(deployment: Deployment, first: ImportProperties): Promise<void> {
  const tagged = { ...first, Tags: [...first.Tags!, { key: 'added-later', value: 'yes' }] };
  const replaced = { ...first, WeightsUri: first.WeightsUri.replace(/\/$/, '-next/') };
  const made = await deployment.create(first);
  await deployment.update(made.physicalId, first, tagged);
  await deployment.update(made.physicalId, tagged, first);
  const other = await deployment.update(made.physicalId, first, replaced);
  const deletions = [
    await deployment.delete(made.physicalId, first),
    await deployment.delete(other.physicalId, replaced),
  ];
  const failed = [made, other, ...deletions].find(({ status }) => status === 'FAILED');
  if (failed) throw new Error(JSON.stringify(failed));
}

/** Kinds of the resources that are named in a path, by ARN or by name. */
const KINDS: Readonly<Record<string, string>> = {
  GetModelImportJob: 'model-import-job',
  GetImportedModel: 'imported-model',
  DeleteImportedModel: 'imported-model',
};

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html */
function iamCallsOf({ operation, id, body, tags = {} }: Call): IamCall[] {
  const action = `bedrock:${operation}`;
  const context = Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
  switch (operation) {
    case 'CreateModelImportJob':
      return [{ action, resource: '*' }, ...startingWith(body)];
    case 'ListModelImportJobs':
      return [{ action, resource: '*' }];
    case 'TagResource':
    case 'UntagResource':
      return [{ action, resource: body.resourceARN as string, context }];
    default:
      return [
        {
          action,
          resource: id.startsWith('arn:') ? id : `arn:aws:bedrock:${REGION}:${ACCOUNT}:${KINDS[operation]}/${id}`,
          context,
        },
      ];
  }
}

function startingWith(body: Call['body']): IamCall[] {
  const { roleArn, importedModelKmsKeyId: key } = body as { roleArn: string; importedModelKmsKeyId?: string };
  const context = { 'iam:PassedToService': 'bedrock.amazonaws.com' };
  const uses = ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'];
  return [
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    { action: 'iam:PassRole', resource: roleArn, context },
    // https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-using-cmk.html
    ...(key === undefined ? [] : uses.map((action) => via('bedrock', action, key))),
  ];
}
