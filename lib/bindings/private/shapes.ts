import { anything, each, having, list, needed, type Shape, text } from '../../private/shape';
import type { BindingOptions } from '../binding-options';
import type { HttpServiceProps } from '../http-service';
import type { SageMakerEndpointAttributes } from '../sagemaker-endpoint';
import type { SpilloverOptions } from '../spillover';

/** Once the Region is taken out. */
export const BINDING_OPTIONS: Shape<BindingOptions> = { price: each(anything) };

export const HTTP_SERVICE: Shape<HttpServiceProps> = {
  ...BINDING_OPTIONS,
  url: needed(text),
  model: text,
  secret: having('a Secret of Secrets Manager, as in Secret.fromSecretNameV2(...)', 'secretArn'),
  secretField: text,
  secretHeader: text,
  secretScheme: text,
  headers: each(text),
  allowPlainHttp: anything,
};

export const ENDPOINT: Shape<SageMakerEndpointAttributes> = {
  ...BINDING_OPTIONS,
  endpointName: needed(text),
  endpointArn: needed(text),
  inferenceComponentName: text,
};

export const SPILLOVER: Shape<SpilloverOptions & { readonly alternatives: readonly unknown[] }> = {
  alternatives: needed(list(having('a component, as FoundationModel.fromModelId(...) makes one', 'bind'))),
  when: each(anything),
  breaker: each(anything),
};
