import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { InferenceModel, ModelImage } from 'cdk-compound-inference';
import type { Construct } from 'constructs';

/** Where the models of the examples come from: a bucket of yours, with one archive or folder of weights for each. */
export interface ModelStoreProps {
  readonly bucketName: string;
  /** URI of the image that serves the models on a fleet: an AWS deep learning container, or your own. */
  readonly image: string;
}

/** The weights of the examples, by name. */
export class ModelStore {
  readonly bucket: IBucket;
  readonly #image: ModelImage;

  constructor(scope: Construct, id: string, { bucketName, image }: ModelStoreProps) {
    this.bucket = Bucket.fromBucketName(scope, id, bucketName);
    this.#image = ModelImage.fromUri(image);
  }

  /** A model that vLLM serves on a fleet, from `<name>/v1.tar.gz`. */
  onFleet(name: string): InferenceModel {
    return InferenceModel.fromContainer({
      image: this.#image,
      artifact: { bucket: this.bucket, key: `${name}/v1.tar.gz` },
      environment: { HF_MODEL_ID: '/opt/ml/model', OPTION_ROLLING_BATCH: 'vllm' },
    });
  }
}
