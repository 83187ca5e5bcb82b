import type { Attributes } from '@opentelemetry/api';
import type { BackendBinding } from '../../../core/graph/binding';
import type { Component } from '../../../core/graph/component';

/**
 * Name and attributes of the span of a try, by the conventions for generative AI, which are still in development
 * (https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-spans.md). What they have no word
 * for begins with `compound.`.
 */
export function describeTry(
  component: Component,
  binding: BackendBinding | undefined,
): { readonly name: string; readonly attributes: Attributes } {
  const { kind, name, format } = component;
  const attributes: Attributes = { 'compound.component': name, ...backendAttributes(binding) };
  if (kind === 'tool') {
    return {
      name: `execute_tool ${name}`,
      attributes: { ...attributes, 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name },
    };
  }
  if (kind === 'retriever') {
    return {
      name: `retrieval ${name}`,
      attributes: { ...attributes, 'gen_ai.operation.name': 'retrieval', 'gen_ai.data_source.id': name },
    };
  }
  const model = modelOf(binding) ?? name;
  // Of a model that is no chat it is not known what it does.
  const operation = format === 'openai-chat' || format === 'converse' ? 'chat' : 'generate_content';
  return {
    name: `${operation} ${model}`,
    attributes: {
      ...attributes,
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': providerOf(binding),
      'gen_ai.request.model': model,
    },
  };
}

/** The names that the conventions have; they have none for SageMaker and for functions. */
function providerOf(binding: BackendBinding | undefined): string {
  switch (binding?.type) {
    case 'bedrock':
      return 'aws.bedrock';
    case 'sagemaker':
      return 'aws.sagemaker';
    case 'lambda':
      return 'aws.lambda';
    case 'http':
    case undefined:
      return 'openai';
  }
}

function modelOf(binding: BackendBinding | undefined): string | undefined {
  if (binding?.type === 'bedrock') return binding.modelId;
  if (binding?.type === 'sagemaker') return binding.inferenceComponentName ?? binding.endpointName;
  return binding?.type === 'http' ? binding.model : undefined;
}

function backendAttributes(binding: BackendBinding | undefined): Attributes {
  switch (binding?.type) {
    case 'sagemaker':
      return { 'compound.sagemaker.endpoint': binding.endpointName };
    case 'lambda':
      return { 'faas.invoked_name': binding.functionName, 'faas.invoked_provider': 'aws' };
    case 'http':
      return URL.canParse(binding.url) ? serverOf(new URL(binding.url)) : {};
    case 'bedrock':
    case undefined:
      return {};
  }
}

function serverOf({ hostname, port, protocol }: URL): Attributes {
  return { 'server.address': hostname, 'server.port': port ? Number(port) : protocol === 'http:' ? 80 : 443 };
}
