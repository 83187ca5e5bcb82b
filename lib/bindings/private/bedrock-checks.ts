import type { Component } from '../../../core/graph/component';
import { type Report, show } from '../../private/checks';

/**
 * Providers whose models take a format of their own, or Converse.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
const WITHOUT_OPENAI_CHAT: ReadonlySet<string> = new Set(['amazon', 'anthropic', 'cohere', 'meta']);

/** The provider in a model's id or ARN, as in `anthropic.claude-…`. */
const PROVIDER = /(?:^|foundation-model\/)([a-z0-9]+)\./;

/** Refuses the default format of chat models where it is certain to fail. */
export function checkModelFormat({ format }: Component, modelId: string, report: Report): void {
  const provider = PROVIDER.exec(modelId)?.[1];
  if (format !== 'openai-chat' || provider === undefined || !WITHOUT_OPENAI_CHAT.has(provider)) return;
  const remedy = "declare format: 'converse' in the graph";
  report('binding/format', 'format', `${show(provider)} models of Bedrock do not speak openai-chat: ${remedy}`);
}
