import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import {
  type Admitted,
  type Arrival,
  intervalMs,
  latestDebtMs,
  type RunRate,
  type TenantLimits,
  type TenantState,
} from '../../../core/admission';

/** A tenant as its item has it, or is supposed to. */
export interface KnownTenant extends TenantState {
  /** Whether the item has a map of places, be it empty. */
  readonly hasPlaces: boolean;
}

/** A run that may begin, and what its tenant was known or supposed to be when that was decided. */
export interface Entry {
  readonly arrival: Arrival;
  readonly limits: TenantLimits;
  readonly nowMs: number;
  /** How much further than to now the tenant may have paid to be taken for one that has not; it pays that, too. */
  readonly marginMs: number;
  readonly before: KnownTenant;
  readonly admitted: Admitted;
}

/** DynamoDB deletes an item some time after it was of any use. No run lasts for so long. */
const KEPT_MS = 3_600_000;

type Update = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** A part of an update: what must hold, and what is set then. */
interface Part {
  readonly conditions: readonly string[];
  readonly sets: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/**
 * Writes an entry down on the condition that the limits still allow it, whatever else has changed: runs that begin at once do not
 * get into each other's way as they would if each had to find the item as it has read it.
 */
export function entryUpdate(entry: Entry): Update {
  const { throttling, concurrency } = entry.limits;
  const parts = [
    keep(entry),
    ...(throttling ? [pay(entry, throttling)] : []),
    ...(concurrency === undefined ? [] : [takePlace(entry, concurrency)]),
  ];
  return {
    UpdateExpression: `SET ${parts.flatMap(({ sets }) => sets).join(', ')}`,
    ConditionExpression: parts.flatMap(({ conditions }) => conditions).join(' AND '),
    ExpressionAttributeNames: Object.assign({}, ...parts.map(({ names }) => names)),
    ExpressionAttributeValues: Object.assign({}, ...parts.map(({ values }) => values)),
  };
}

function keep({ nowMs, limits: { throttling } }: Entry): Part {
  const fullAfterMs = throttling ? throttling.burstLimit * intervalMs(throttling) : 0;
  return {
    conditions: [],
    sets: ['#expires = :expires'],
    names: { '#expires': 'expiresAtSeconds' },
    values: { ':expires': number(Math.ceil((nowMs + fullAfterMs + KEPT_MS) / 1_000)) },
  };
}

/** An expression knows no maximum: whether the tenant has paid for more than now has to be supposed. */
function pay({ before, nowMs, marginMs }: Entry, throttling: RunRate): Part {
  const names = { '#paid': 'paidUntilMs' };
  const from = nowMs + marginMs;
  const every = intervalMs(throttling);
  if (before.paidUntilMs <= from) {
    return {
      conditions: ['(attribute_not_exists(#paid) OR #paid <= :from)'],
      sets: ['#paid = :paid'],
      names,
      values: { ':from': number(from), ':paid': number(from + every) },
    };
  }
  return {
    conditions: ['#paid BETWEEN :from AND :latest'],
    sets: ['#paid = #paid + :every'],
    names,
    values: {
      ':from': number(from),
      ':latest': number(latestDebtMs(throttling, nowMs)),
      ':every': number(every),
    },
  };
}

/** Places that were never given back are taken away only when they are in somebody's way: for that the map must be as it was read. */
function takePlace({ before, admitted, arrival }: Entry, concurrency: number): Part {
  const names = { '#places': 'places' };
  if (before.hasPlaces && admitted.expired.length === 0) {
    return {
      conditions: ['size(#places) < :most'],
      sets: ['#places.#place = :until'],
      names: { ...names, '#place': arrival.place },
      values: { ':most': number(concurrency), ':until': number(arrival.untilMs) },
    };
  }
  return {
    conditions: [before.hasPlaces ? '#places = :before' : 'attribute_not_exists(#places)'],
    sets: ['#places = :places'],
    names,
    values: {
      ':places': places(admitted.state),
      ...(before.hasPlaces && { ':before': places(before) }),
    },
  };
}

function places({ places: ends }: TenantState): AttributeValue {
  return { M: Object.fromEntries(Object.entries(ends).map(([id, untilMs]) => [id, number(untilMs)])) };
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}
