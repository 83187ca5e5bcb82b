import type { BackendBinding } from '../../../core/graph/binding';
import type { Component } from '../../../core/graph/component';
import { formatFault } from '../../../core/graph/format-fault';
import type { ModelArchitecture } from '../../models/imported-model-architecture';
import { type Report, show } from '../../private/checks';

/**
 * Providers whose models take a format of their own, or Converse.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
const WITHOUT_OPENAI_CHAT: ReadonlySet<string> = new Set(['amazon', 'anthropic', 'cohere', 'meta']);

/** The provider in a model's id or ARN, as in `anthropic.claude-…`. */
const PROVIDER = /(?:^|foundation-model\/)([a-z0-9]+)\./;

/** Refuses a component whose wire format the backend cannot speak. */
export function checkFormat({ format }: Component, type: BackendBinding['type'], report: Report): void {
  const fault = formatFault(format, type);
  if (fault !== undefined) report('binding/format', 'format', fault);
}

/** Refuses the default format of chat models where it is certain to fail. */
export function checkModelFormat({ format }: Component, modelId: string, report: Report): void {
  const provider = PROVIDER.exec(modelId)?.[1];
  if (format !== 'openai-chat' || provider === undefined || !WITHOUT_OPENAI_CHAT.has(provider)) return;
  const remedy = "declare format: 'converse' in the graph";
  report('binding/format', 'format', `${show(provider)} models of Bedrock do not speak openai-chat: ${remedy}`);
}

/** Refuses Converse where Bedrock is known not to offer it for the model. */
export function checkImportedFormat(
  { format }: Component,
  architecture: ModelArchitecture | undefined,
  report: Report,
): void {
  if (format !== 'converse' || architecture?.supportsConverse !== false) return;
  const why = `which Bedrock does not offer for imported ${architecture.name} models`;
  report('binding/format', 'format', `has the format converse, ${why}; declare openai-chat`);
}
