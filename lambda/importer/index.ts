import { BedrockClient } from '@aws-sdk/client-bedrock';
import { controlPlane } from './control-plane';
import { importer } from './importer';

export const { onEvent, isComplete } = importer({
  plane: controlPlane(new BedrockClient({})),
  now: Date.now,
  log: console.log,
});
