import { answer, awsError, type Reply } from '../backends/service';

/** Answers as Secrets Manager does: each secret has its current text, and the one before it if it was written twice. */
export function secretStore(secrets: Readonly<Record<string, readonly string[]>>): Reply {
  return (response, received) => {
    const { SecretId, VersionStage = 'AWSCURRENT' } = JSON.parse(received.body);
    const text = secrets[SecretId]?.[VersionStage === 'AWSCURRENT' ? 0 : 1];
    const reply =
      text === undefined
        ? awsError(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret value.")
        : answer(200, { ARN: SecretId, SecretString: text, VersionStages: [VersionStage] });
    reply(response, received);
  };
}
