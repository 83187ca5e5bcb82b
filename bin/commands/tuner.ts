import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { killSwitch, type SwitchTurn } from '../../lambda/tuner/kill-switch';
import type { KeptEntry } from '../../lambda/tuner/ledger';
import { tunerTable } from '../../lambda/tuner/tuner-table';
import { awsRemedy } from '../aws-remedy';
import { ledgerStory } from '../tuning/ledger-story';
import { tellTurn } from '../tuning/switch-story';
import { readArguments, readDurationMs, UsageError } from '../usage';

const EXAMPLES = {
  explain: 'compound tuner explain --component writer --table <table of the tuner>',
  off: 'compound tuner off --table <table of the tuner> --reason "load test"',
  on: 'compound tuner on --table <table of the tuner>',
};

const TABLE_VARIABLE = 'COMPOUND_TUNER_TABLE';

/** Tells what a tuner did about a component, from its ledger, or switches the tuner off and on. */
export async function tuner([action, ...args]: string[]): Promise<void> {
  if (action === 'explain') return explain(args);
  if (action === 'off' || action === 'on') return turn(action, args);
  throw new UsageError(`say what to do: ${Object.values(EXAMPLES).join(', or ')}`);
}

async function explain(args: string[]): Promise<void> {
  const { values } = readArguments({
    args,
    options: {
      component: { type: 'string' },
      table: { type: 'string' },
      since: { type: 'string', default: '24h' },
      json: { type: 'boolean', default: false },
    },
  });
  const { component } = values;
  if (!component) throw new UsageError(`--component is missing: ${EXAMPLES.explain}`);
  const table = tableOf(values.table, EXAMPLES.explain);
  const sinceMs = Date.now() - readDurationMs('--since', values.since);

  const { entries, turns } = await readLedger(table, component, sinceMs);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ component, entries, turns }, undefined, 2)}\n`);
    return;
  }
  const last = turns.at(-1);
  if (entries.length === 0) {
    throw new Error(
      `${table} has no entries about ${component} in the last ${values.since}: components are named as in their graph; ` +
        'ask for a longer time with --since, and look whether the tuner runs' +
        (last?.isOff ? `: it is ${tellTurn(last)}` : ''),
    );
  }
  process.stdout.write(ledgerStory(component, entries, turns));
}

async function turn(position: 'off' | 'on', args: string[]): Promise<void> {
  const { values } = readArguments({ args, options: { table: { type: 'string' }, reason: { type: 'string' } } });
  const table = tableOf(values.table, EXAMPLES[position]);
  const { reason } = values;
  const asked: SwitchTurn = { at: new Date().toISOString(), isOff: position === 'off', ...(reason && { reason }) };
  const made = await withTable(
    table,
    { permission: 'dynamodb:Query and dynamodb:PutItem', done: 'written' },
    (client) => killSwitch(client, table).turn(asked),
  );
  const means = made.isOff
    ? 'from its next tick on it changes nothing; targets stay, and minimums that it has raised end within the hour'
    : 'it goes on with its next tick';
  process.stdout.write(`the tuner of ${table} is ${tellTurn(made)}\n${means}\n`);
}

/** @throws UsageError */
function tableOf(table = process.env[TABLE_VARIABLE], example: string): string {
  if (!table) throw new UsageError(`--table is missing, and ${TABLE_VARIABLE} is not set: ${example}`);
  return table;
}

function readLedger(
  table: string,
  component: string,
  sinceMs: number,
): Promise<{ readonly entries: readonly KeptEntry[]; readonly turns: readonly SwitchTurn[] }> {
  return withTable(table, { permission: 'dynamodb:Query', done: 'read' }, async (client) => {
    const [entries, turns] = await Promise.all([
      tunerTable(client, table).entries(component, sinceMs),
      killSwitch(client, table).turns(),
    ]);
    return { entries, turns };
  });
}

async function withTable<T>(
  table: string,
  access: { readonly permission: string; readonly done: 'read' | 'written' },
  use: (client: DynamoDBClient) => Promise<T>,
): Promise<T> {
  const client = new DynamoDBClient({});
  try {
    return await use(client);
  } catch (error) {
    const howToName = "name the tuner's table with --table";
    throw new Error(awsRemedy(error, { what: `table ${table}`, howToName, ...access }), { cause: error });
  } finally {
    client.destroy();
  }
}
