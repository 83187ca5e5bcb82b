import type { AwsError } from '../http';
import { exception } from '../rpc-service';

/** A request that DynamoDB refuses because of what it says, whatever the table holds. */
export function validationException(message: string): AwsError {
  return exception('com.amazon.coral.validate#ValidationException', message);
}

/** The same for a parameter value. */
export function invalidValue(message: string): AwsError {
  return validationException(`One or more parameter values were invalid: ${message}`);
}
