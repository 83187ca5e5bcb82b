// What the execution role of an endpoint needs to start a container.
// https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms

/** On the object that holds the artifact. */
export const READ_ARTIFACT = ['s3:GetObject'];

/** On the repository of the image. */
export const PULL_IMAGE = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** On `*`: the action knows no resources. */
export const LOG_IN_TO_REGISTRY = ['ecr:GetAuthorizationToken'];
