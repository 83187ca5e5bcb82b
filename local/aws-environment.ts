const SERVICES = [
  'SAGEMAKER_RUNTIME',
  'SAGEMAKER',
  'APPLICATION_AUTO_SCALING',
  'CLOUDWATCH',
  'CLOUDWATCH_LOGS',
  'BEDROCK_RUNTIME',
  'LAMBDA',
  'DYNAMODB',
];

/**
 * Points the AWS clients of this process at a local endpoint, with credentials that open nothing else.
 *
 * @returns restores the environment as it was
 */
export function useLocalAws(url: string): () => void {
  const changes: Record<string, string | undefined> = {
    ...Object.fromEntries(SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, url])),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    // Would take the place of the credentials, and of the endpoints.
    AWS_BEARER_TOKEN_BEDROCK: undefined,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
  };
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]));
  setEnvironment(changes);
  return () => setEnvironment(before);
}

function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
