import {
  anything,
  duration,
  each,
  having,
  IS_BUCKET,
  IS_KEY,
  IS_REMOVAL_POLICY,
  IS_ROLE,
  IS_SECURITY_GROUP,
  IS_VPC,
  list,
  needed,
  type Shape,
  shaped,
  text,
} from '../../private/shape';
import type { ImportedModelProps, ImportNetwork, ModelWeights } from '../imported-model-props';
import type { ImportedModelOptions } from '../imported-model-ref';

export const MODEL_OPTIONS: Shape<ImportedModelOptions> = {
  customModelUnits: anything,
  concurrencyPerCopy: anything,
  architecture: having('a ModelArchitecture, as ModelArchitecture.QWEN3 is', 'supportsConverse'),
  encryptionKey: IS_KEY,
  price: each(anything),
};

const WEIGHTS: Shape<ModelWeights> = { bucket: needed(IS_BUCKET), prefix: needed(text) };

const NETWORK: Shape<ImportNetwork> = {
  vpc: needed(IS_VPC),
  subnets: each(anything),
  securityGroups: list(IS_SECURITY_GROUP),
};

export const IMPORTED_MODEL: Shape<ImportedModelProps> = {
  ...MODEL_OPTIONS,
  weights: needed(shaped(WEIGHTS)),
  modelNamePrefix: text,
  role: IS_ROLE,
  network: shaped(NETWORK),
  importTimeout: duration,
  removalPolicy: IS_REMOVAL_POLICY,
};
