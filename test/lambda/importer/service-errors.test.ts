import { BedrockServiceException } from '@aws-sdk/client-bedrock';
import { isNotFound } from '../../../lambda/importer/service-errors';

const error = (name: string, message: string) =>
  new BedrockServiceException({ name, message, $fault: 'client', $metadata: {} });

test.each([
  ['ResourceNotFoundException', 'Could not find the resource.'],
  ['ResourceNotFoundException', ''],
  ['ValidationException', 'The provided model identifier is invalid.'],
  ['ValidationException', 'Imported model support-writer-0abc was not found'],
  ['ValidationException', 'The model support-writer-0abc does not exist.'],
  ['ValidationException', 'Could not find an imported model with this name.'],
])('%s says that there is none: %s', (name, message) => {
  expect(isNotFound(error(name, message))).toBe(true);
});

test.each([
  [error('ValidationException', 'Value at modelIdentifier failed to satisfy constraint: Member must have length 1')],
  [error('AccessDeniedException', 'The role does not exist or is not authorized')],
  [error('ThrottlingException', 'Rate exceeded')],
  [new Error('connection does not exist')],
])('%s says something else', (other) => {
  expect(isNotFound(other)).toBe(false);
});
