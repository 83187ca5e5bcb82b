import { App, type Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImportedModel } from '../../../lib/models/imported-model';
import type { ImportedModelProps } from '../../../lib/models/imported-model-props';

export const ENV = { account: '123456789012', region: 'us-east-1' };

/** A stack whose template is checked by CloudFormation's own rules. */
export function modelStack(env: Environment = ENV): Stack {
  return new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Support', { env });
}

/** A model with weights in a bucket that exists. */
export function importedModel(stack: Stack, props: Partial<ImportedModelProps> = {}, id = 'Writer'): ImportedModel {
  const bucket = Bucket.fromBucketName(stack, `${id}Weights`, 'weights');
  return new ImportedModel(stack, id, { weights: { bucket, prefix: 'writer/v1' }, ...props });
}

/** The statements of the one policy whose logical id matches. */
export function statements(stack: Stack, policy: RegExp): readonly Record<string, unknown>[] {
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const found = policies.filter(([id]) => policy.test(id));
  expect(found).toHaveLength(1);
  return found[0]![1].Properties.PolicyDocument.Statement;
}

export const IMPORTER = /^BedrockModelImporterServiceRole/;
export const IMPORT_ROLE = /^WriterRole/;
