// What callers of models do, whatever hosts these.

/** On an endpoint and, where the call names one, on its inference component. */
export const INVOKE_ENDPOINT = ['sagemaker:InvokeEndpoint'];

/**
 * On a model of Bedrock; the Converse API is authorized by the same action.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html
 */
export const INVOKE_MODEL = ['bedrock:InvokeModel'];

/** The same for answers that stream. */
export const INVOKE_MODEL_STREAMED = ['bedrock:InvokeModelWithResponseStream'];
