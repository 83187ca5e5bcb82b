// Resources and conditions of the actions: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html

// What a customer managed key must allow: https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-using-cmk.html

/** By those who call the model. */
export const USE_ENCRYPTED_MODEL = ['kms:Decrypt'];

/** By the one who starts the import. */
export const IMPORT_ENCRYPTED_MODEL = ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'];

// What the importer function does.

/** On `*`: the actions know no resources. */
export const START_AND_FIND_IMPORTS = ['bedrock:CreateModelImportJob', 'bedrock:ListModelImportJobs'];

/** On import jobs. */
export const READ_IMPORTS = ['bedrock:GetModelImportJob'];

/** On imported models, whose ARNs nobody knows before they are there. */
export const READ_MODELS = ['bedrock:GetImportedModel'];

/** On imported models of the same stack. */
export const CHANGE_MODELS = ['bedrock:DeleteImportedModel', 'bedrock:UntagResource'];

/** On imported models that belong to no other stack: one that is being imported has no tags yet. */
export const TAG_MODELS = ['bedrock:TagResource'];

/** The tag of a model that names its stack. */
export const STACK_TAG = 'cdk-compound-inference:stack';

// What an import does in the account: https://docs.aws.amazon.com/bedrock/latest/userguide/model-import-iam-role.html
// and, in a VPC: https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-custom-model-import.html

export const LIST_WEIGHTS = ['s3:ListBucket'];

export const READ_WEIGHTS = ['s3:GetObject'];

/** On `*`: the actions know no resources. */
export const SEE_NETWORK = [
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];

export const CREATE_INTERFACE = ['ec2:CreateNetworkInterface'];

export const USE_INTERFACE = [
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteNetworkInterfacePermission',
];

export const TAG_INTERFACE = ['ec2:CreateTags'];
