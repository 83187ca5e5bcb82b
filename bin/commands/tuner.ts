import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KeptEntry } from '../../lambda/tuner/ledger';
import { tunerTable } from '../../lambda/tuner/tuner-table';
import { awsRemedy } from '../aws-remedy';
import { ledgerStory } from '../tuning/ledger-story';
import { readArguments, readDurationMs, UsageError } from '../usage';

const EXAMPLE = 'compound tuner explain --component writer --table <table of the tuner>';

const TABLE_VARIABLE = 'COMPOUND_TUNER_TABLE';

/** Tells what a tuner did about a component, from its ledger. */
export async function tuner([action, ...args]: string[]): Promise<void> {
  if (action !== 'explain') throw new UsageError(`say what to do: ${EXAMPLE}`);
  const { values } = readArguments({
    args,
    options: {
      component: { type: 'string' },
      table: { type: 'string' },
      since: { type: 'string', default: '24h' },
      json: { type: 'boolean', default: false },
    },
  });
  const { component, table = process.env[TABLE_VARIABLE] } = values;
  if (!component) throw new UsageError(`--component is missing: ${EXAMPLE}`);
  if (!table) throw new UsageError(`--table is missing, and ${TABLE_VARIABLE} is not set: ${EXAMPLE}`);
  const sinceMs = Date.now() - readDurationMs('--since', values.since);

  const entries = await readLedger(table, component, sinceMs);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ component, entries }, undefined, 2)}\n`);
    return;
  }
  if (entries.length === 0) {
    throw new Error(
      `${table} has no entries about ${component} in the last ${values.since}: components are named as in their graph; ` +
        'ask for a longer time with --since, and look whether the tuner runs',
    );
  }
  process.stdout.write(ledgerStory(component, entries));
}

async function readLedger(table: string, component: string, sinceMs: number): Promise<readonly KeptEntry[]> {
  const client = new DynamoDBClient({});
  try {
    return await tunerTable(client, table).entries(component, sinceMs);
  } catch (error) {
    const howToName = "name the tuner's table with --table";
    const read = { what: `table ${table}`, permission: 'dynamodb:Query', howToName };
    throw new Error(awsRemedy(error, read), { cause: error });
  } finally {
    client.destroy();
  }
}
