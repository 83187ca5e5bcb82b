import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { known, type Report, show } from '../private/checks';
import { acknowledge, wildcardFinding } from '../private/findings';
import { READ_ARTIFACT } from './perms';
import type { Reader } from './private/reader';

/** Weights in Amazon S3. */
export interface ModelArtifact {
  readonly bucket: IBucket;
  /**
   * Of one gzip compressed tar archive, so it ends in `.tar.gz`.
   *
   * Keep all versions of a model in one folder, which holds nothing else: `writer/v1.tar.gz`, then `writer/v2.tar.gz`. The fleet may read
   * the folder, so that copies of the old version can still start while an update goes on or is rolled back. Of a key without a folder it
   * may read that object only, and loses it with the next key.
   */
  readonly key: string;
}

/** Checks an artifact. */
export function checkArtifact(report: Report, field: string, artifact: ModelArtifact): void {
  const { key } = artifact;
  if (known(key)?.endsWith('.tar.gz') === false) {
    report(
      'component/artifact',
      `${field}.key`,
      `must be the key of a .tar.gz archive, the only form that a component's container takes: pack it, or use InferenceModel.fromSageMakerModel, got: ${show(key)}`,
    );
  }
}

/** Permits to read the folder of the object, and to decrypt it where the key is known, and nothing else of the bucket. */
export function grantReadArtifact({ bucket, key }: ModelArtifact, reader: Reader): Grant[] {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const readable = bucket.arnForObjects(folder === '' ? key : `${folder}*`);
  if (folder !== '') {
    acknowledge(reader, 'The versions of a model are in one folder', [wildcardFinding(reader, readable)]);
  }
  const objects = Grant.addToPrincipalOrResource({
    grantee: reader,
    actions: READ_ARTIFACT,
    resourceArns: [readable],
    resource: bucket,
  });
  return bucket.encryptionKey === undefined ? [objects] : [objects, bucket.encryptionKey.grantDecrypt(reader)];
}
