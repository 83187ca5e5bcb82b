/** The account that the stand-ins of the AWS services agree on. */
export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

/** Credentials that open nothing but stand-ins. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
