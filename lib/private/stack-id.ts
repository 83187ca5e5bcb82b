import { Aws, Fn } from 'aws-cdk-lib';

/** Eight characters that tell a stack from others of the account and Region, for names: the first group of the UUID in its id. */
export function partOfStackId(): string {
  return Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
}
