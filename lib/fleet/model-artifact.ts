import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { known, type Report, show } from '../private/checks';
import { READ_ARTIFACT } from './perms';

/** Weights in Amazon S3. */
export interface ModelArtifact {
  readonly bucket: IBucket;
  /** Of one gzip compressed tar archive, so it ends in `.tar.gz`. */
  readonly key: string;
}

/** Checks an artifact. */
export function checkArtifact(report: Report, field: string, { key }: ModelArtifact): void {
  if (known(key)?.endsWith('.tar.gz') === false) {
    report(
      'component/artifact',
      `${field}.key`,
      `must be the key of a .tar.gz archive, the only form that a component's container takes: pack it, or use InferenceModel.fromSageMakerModel, got: ${show(key)}`,
    );
  }
}

/** Permits to read the object, and to decrypt it where the key is known, and nothing else of the bucket. */
export function grantReadArtifact({ bucket, key }: ModelArtifact, grantee: IGrantable): Grant[] {
  const object = Grant.addToPrincipalOrResource({
    grantee,
    actions: READ_ARTIFACT,
    resourceArns: [bucket.arnForObjects(key)],
    resource: bucket,
  });
  return bucket.encryptionKey === undefined ? [object] : [object, bucket.encryptionKey.grantDecrypt(grantee)];
}
