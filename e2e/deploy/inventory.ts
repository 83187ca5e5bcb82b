import type { Call, Emulator } from './emulator';

/** What exists in the account, by kind: names that a person would recognise. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

const list = (service: string, operation: string, parameters = {}): Call => ({ service, operation, parameters });

/** How each kind of thing that the stack may create is listed, and where its name is in the answer: nowhere if it is all there is. */
const KINDS: Readonly<Record<string, readonly [call: Call, items: string, name: string]>> = {
  alarms: [list('cloudwatch', 'describe_alarms'), 'MetricAlarms', 'AlarmName'],
  'API keys': [list('apigateway', 'get_api_keys'), 'items', 'name'],
  APIs: [list('apigateway', 'get_rest_apis'), 'items', 'name'],
  dashboards: [list('cloudwatch', 'list_dashboards'), 'DashboardEntries', 'DashboardName'],
  functions: [list('lambda', 'list_functions'), 'Functions', 'FunctionName'],
  layers: [list('lambda', 'list_layers'), 'Layers', 'LayerName'],
  'log groups': [list('logs', 'describe_log_groups'), 'logGroups', 'logGroupName'],
  policies: [list('iam', 'list_policies', { Scope: 'Local' }), 'Policies', 'PolicyName'],
  roles: [list('iam', 'list_roles'), 'Roles', 'RoleName'],
  secrets: [list('secretsmanager', 'list_secrets'), 'SecretList', 'Name'],
  stacks: [
    list('cloudformation', 'list_stacks', {
      StackStatusFilter: [
        'CREATE_COMPLETE',
        'UPDATE_COMPLETE',
        'ROLLBACK_COMPLETE',
        'UPDATE_ROLLBACK_COMPLETE',
        'DELETE_FAILED',
      ],
    }),
    'StackSummaries',
    'StackName',
  ],
  'state machines': [list('stepfunctions', 'list_state_machines'), 'stateMachines', 'name'],
  tables: [list('dynamodb', 'list_tables'), 'TableNames', ''],
  'usage plans': [list('apigateway', 'get_usage_plans'), 'items', 'name'],
};

export async function takeInventory(emulator: Emulator): Promise<Inventory> {
  const kinds = Object.entries(KINDS);
  const answers = await emulator.calls(kinds.map(([, [call]]) => call));
  return Object.fromEntries(
    kinds.map(([kind, [, items, name]], i) => [
      kind,
      answers[i][items].map((item: any) => (name === '' ? item : item[name])),
    ]),
  );
}

/** What there is now and was not before, as in `roles: E2e-Role`. */
export function newcomers(before: Inventory, now: Inventory): string[] {
  return Object.entries(now).flatMap(([kind, names]) =>
    names.filter((name) => !before[kind]?.includes(name)).map((name) => `${kind}: ${name}`),
  );
}
