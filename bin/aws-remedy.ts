import { errorLike } from '../lambda/backends/error-like';

/** What was asked of AWS. */
export interface AwsAccess {
  /** As in `table Tuner`. */
  readonly what: string;
  /** The action that must be allowed, as in `dynamodb:Query`. */
  readonly permission: string;
  /** What was to be done to it. */
  readonly done: 'read' | 'written';
  /** How to name another, as in `name the tuner's table with --table`. */
  readonly howToName: string;
}

/** What to do about an error of the AWS SDK when something could not be read or written. */
export function awsRemedy(error: unknown, { what, permission, done, howToName }: AwsAccess): string {
  const { name = 'Error', message = '' } = errorLike(error);
  switch (name) {
    case 'ResourceNotFoundException':
      return `there is no ${what} in this account and Region: ${howToName}, and its Region with AWS_REGION`;
    case 'AccessDeniedException':
      return `${what} may not be ${done}: allow ${permission} on it (${message})`;
    case 'CredentialsProviderError':
      return `there are no AWS credentials: sign in, or set AWS_PROFILE (${message})`;
    case 'ValidationException':
      return `${what} cannot be ${done}, is it another's? ${howToName} (${message})`;
    default:
      return `${what} cannot be ${done}: ${name}: ${message}`;
  }
}
