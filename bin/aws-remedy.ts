import { errorLike } from '../lambda/backends/error-like';

/** What was asked of AWS. */
export interface AwsRead {
  /** As in `table Tuner`. */
  readonly what: string;
  /** The action that must be allowed, as in `dynamodb:Query`. */
  readonly permission: string;
  /** How to name another, as in `name the tuner's table with --table`. */
  readonly howToName: string;
}

/** What to do about an error of the AWS SDK when something could not be read. */
export function awsRemedy(error: unknown, { what, permission, howToName }: AwsRead): string {
  const { name = 'Error', message = '' } = errorLike(error);
  switch (name) {
    case 'ResourceNotFoundException':
      return `there is no ${what} in this account and Region: ${howToName}, and its Region with AWS_REGION`;
    case 'AccessDeniedException':
      return `${what} may not be read: allow ${permission} on it (${message})`;
    case 'CredentialsProviderError':
      return `there are no AWS credentials: sign in, or set AWS_PROFILE (${message})`;
    default:
      return `${what} cannot be read: ${name}: ${message}`;
  }
}
