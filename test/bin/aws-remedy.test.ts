import { awsRemedy } from '../../bin/aws-remedy';

const READ = {
  what: 'table Tuner',
  permission: 'dynamodb:Query',
  done: 'read',
  howToName: 'name another with --table',
} as const;

test.each([
  [
    'ResourceNotFoundException',
    'there is no table Tuner in this account and Region: name another with --table, and its Region with AWS_REGION',
  ],
  ['AccessDeniedException', 'table Tuner may not be read: allow dynamodb:Query on it (no)'],
  ['CredentialsProviderError', 'there are no AWS credentials: sign in, or set AWS_PROFILE (no)'],
  ['InternalServerError', 'table Tuner cannot be read: InternalServerError: no'],
])('%s is answered with what to do', (name, remedy) => {
  expect(awsRemedy(Object.assign(new Error('no'), { name }), READ)).toBe(remedy);
});

test('what could not be written is told as that', () => {
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  const written = { ...READ, permission: 'dynamodb:PutItem', done: 'written' } as const;
  expect(awsRemedy(denied, written)).toBe('table Tuner may not be written: allow dynamodb:PutItem on it (no)');
});
