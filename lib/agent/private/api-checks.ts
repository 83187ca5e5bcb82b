import { listAgents } from '../../../core/api/agent-list';
import { openApiFor, type SecurityScheme } from '../../../core/api/openapi';
import { toJsonSchema } from '../../../core/graph/schema';
import { known, type Report, show } from '../../private/checks';
import type { AgentApiProps } from '../agent-api';
import type { IAgent } from '../agent-ref';
import { type GatewaySchema, toGatewayModel } from './api-model';
import { MAX_TEMPLATE_BYTES, toTemplate } from './api-static';
import { checkThrottling } from './api-throttling';

/** What an API answers without any agent, and what it asks of bodies. */
export interface ApiDocuments {
  /** Mapping templates. */
  readonly list: string;
  readonly openApi: string;
  /** Of the inputs that can be checked, by agent. */
  readonly models: ReadonlyMap<string, GatewaySchema>;
}

export function documentsOf(
  agents: readonly IAgent[],
  validateInput: boolean,
  securityScheme?: SecurityScheme,
): ApiDocuments {
  const graphs = agents.map(({ graph }) => graph);
  const models = validateInput
    ? graphs.map((graph) => [graph.name, toGatewayModel(toJsonSchema(graph.definition.input, 'input'))] as const)
    : [];
  return {
    list: toTemplate(listAgents(graphs)),
    openApi: toTemplate(openApiFor(graphs, securityScheme)),
    models: new Map(models.filter(([, model]) => Object.keys(model).length > 0)),
  };
}

/** Of all models of an API together (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html). */
const MAX_MODEL_BYTES = 400 * 1024;

/** As browsers send it: no path, no slash at the end. */
const ORIGIN = /^https?:\/\/[A-Za-z0-9.-]+(:\d+)?$/;

/** Another scope cannot be put in front of a REST API. */
const REGIONAL_WEB_ACL = /^arn:[\w-]+:wafv2:[^:]+:\d*:regional\/webacl\//;

export function checkApi(props: AgentApiProps, documents: ApiDocuments, report: Report): void {
  const { agents, throttling, agentThrottling = {}, corsOrigin, webAclArn } = props;
  if (agents.length === 0) report('api/no-agents', 'agents', 'is empty: give the API at least one agent');

  const names = new Set<string>();
  agents.forEach(({ graph: { name } }, i) => {
    if (names.has(name)) {
      const remedy = 'rename one, or give it an API of its own';
      report('api/duplicate-agent', `agents[${i}]`, `another agent of this API is named ${show(name)}: ${remedy}`);
    }
    names.add(name);
  });

  if (throttling) checkThrottling('throttling', throttling, report);
  for (const [name, limits] of Object.entries(agentThrottling)) {
    const at = `agentThrottling.${name}`;
    if (!names.has(name)) report('api/unknown-agent', at, `is none of the agents: ${[...names].join(', ')}`);
    checkThrottling(at, limits, report);
  }

  const origin = known(corsOrigin);
  if (origin !== undefined && origin !== '*' && !ORIGIN.test(origin)) {
    const rule = 'must be "*" or a scheme and a host, such as "https://app.example.com"';
    report('api/bad-origin', 'corsOrigin', `${rule}, got: ${show(origin)}`);
  }

  const webAcl = known(webAclArn);
  if (webAcl !== undefined && !REGIONAL_WEB_ACL.test(webAcl)) {
    const rule = 'must be the ARN of a web ACL of AWS WAF (wafv2) of the scope REGIONAL';
    report('api/bad-web-acl', 'webAclArn', `${rule}, got: ${show(webAcl)}`);
  }

  for (const document of ['list', 'openApi'] as const) {
    checkSize('api/document-too-large', documents[document], MAX_TEMPLATE_BYTES, report);
  }
  checkSize('api/models-too-large', JSON.stringify([...documents.models.values()]), MAX_MODEL_BYTES, report);
}

function checkSize(id: string, text: string, limit: number, report: Report): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return;
  const what = id === 'api/models-too-large' ? 'input schemas' : 'descriptions and schemas';
  report(id, 'agents', `have ${what} of ${bytes} bytes, the limit is ${limit}: spread the agents over several APIs`);
}
