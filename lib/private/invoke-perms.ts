// What callers of models do, whatever hosts these.

/** On an endpoint and, where the call names one, on its inference component. */
export const INVOKE_ENDPOINT = ['sagemaker:InvokeEndpoint'];

/**
 * The same for answers that stream: an action of its own in the reference of actions, while that of the API asks for the one above.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html
 */
export const INVOKE_ENDPOINT_STREAMED = [...INVOKE_ENDPOINT, 'sagemaker:InvokeEndpointWithResponseStream'];

/**
 * On a model of Bedrock; the Converse API is authorized by the same action.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html
 */
export const INVOKE_MODEL = ['bedrock:InvokeModel'];

/** The same for answers that stream. */
export const INVOKE_MODEL_STREAMED = ['bedrock:InvokeModelWithResponseStream'];
