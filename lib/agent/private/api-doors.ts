import type { ApiThrottling } from '../api-authorization';

/** A way to call an agent that is not of this project's own making. */
export interface Door {
  /** Below the agent's. */
  readonly path: string;
  readonly methods: readonly string[];
}

/** For clients of OpenAI. */
const CHATS: Door = { path: 'v1/{proxy+}', methods: ['GET', 'POST'] };

/** For clients of the Model Context Protocol. With GET they ask for a stream, and want to hear from the server that it has none. */
const TOOLS: Door = { path: 'mcp', methods: ['GET', 'POST'] };

/** Of each agent. */
export const DOORS: readonly Door[] = [CHATS, TOOLS];

/** What these clients send in browsers, beside what all do. */
export const CLIENT_HEADERS = [
  'Accept',
  'Mcp-Method',
  'Mcp-Name',
  'Mcp-Protocol-Version',
  'Mcp-Session-Id',
  'Last-Event-Id',
  'OpenAI-Organization',
  'OpenAI-Project',
  ...[
    'Arch',
    'Helper-Method',
    'Lang',
    'OS',
    'Package-Version',
    'Retry-Count',
    'Runtime',
    'Runtime-Version',
    'Timeout',
  ].map((name) => `X-Stainless-${name}`),
];

/** Limits of each method that runs an agent, by path and method, where they are not those of the API. */
export function runLimits(throttling: Readonly<Record<string, ApiThrottling>>): Record<string, MethodLimits> {
  const paths = ['runs', CHATS.path, TOOLS.path];
  return Object.fromEntries(
    Object.entries(throttling).flatMap(([name, { rateLimit, burstLimit }]) =>
      paths.map((path): [string, MethodLimits] => [
        `/agents/${name}/${path}/POST`,
        { throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit },
      ]),
    ),
  );
}

interface MethodLimits {
  readonly throttlingRateLimit: number;
  readonly throttlingBurstLimit: number;
}
