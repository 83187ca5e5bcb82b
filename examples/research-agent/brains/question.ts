import type { Quantity } from '../instances/instance';
import type { PlanData } from '../prompts';

/** What a question asks for, as far as the words of the catalogue go. */
export interface Asked {
  readonly instances: readonly NamedInstance[];
  readonly accelerators: readonly string[];
  /** In the order of the question; none if it does not say. */
  readonly quantities: readonly Quantity[];
  /** One quantity is asked per unit of another. */
  readonly per: Quantity | undefined;
  readonly period: Period | undefined;
  readonly model: ModelSize | undefined;
  readonly atLeast: Bounds;
  readonly atMost: Bounds;
  readonly best: { readonly quantity: Quantity; readonly is: 'lowest' | 'highest' } | undefined;
  /** Whether it is about instance types at all. */
  readonly isOnInstances: boolean;
}

export interface NamedInstance {
  readonly name: string;
  readonly count: number;
}

export interface Period {
  readonly title: string;
  readonly hours: number;
}

export interface ModelSize {
  readonly billions: number;
  readonly bytesPerParameter: number;
}

export type Bounds = Partial<Record<Quantity, number>>;

const NUMBERS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  eight: 8,
  ten: 10,
};
const NUMBER = String.raw`(\d{1,9}(?:,\d{3})*(?:\.\d+)?|\b(?:${Object.keys(NUMBERS).join('|')})\b)`;

/** A month is a twelfth of a year. */
const HOURS = { hour: 1, day: 24, week: 168, month: 730, year: 8760 } as const;

const QUANTITY_WORDS: readonly (readonly [Quantity, RegExp])[] = [
  ['pricePerHourUsd', /\b(costs?|prices?|priced|cheap\w*|expensive|pay|usd|dollars?|spend)\b|\$/i],
  ['hostMemoryGib', /\b(host memory|ram|(main|system) memory)\b/i],
  [
    'memoryPerAcceleratorGib',
    /\bmemory (per|of each|on each|of one|of an?) (gpu|accelerator)|\beach (gpu|accelerator)\b/i,
  ],
  [
    'acceleratorMemoryGib',
    /\b(?<!(host|main|system) )(vram|memory)\b(?! (per|of each|on each|of one|of an?) (gpu|acc))/i,
  ],
  ['vcpus', /\b(v?cpus?|cores?)\b/i],
  ['accelerators', /\b(how many|number of|most|fewest|more|fewer) (gpus?|accelerators?|cards?)\b/i],
];

const ON_INSTANCES = /\b(instances?|gpus?|accelerators?|v?cpus?|vram|endpoints?|models?|llms?|weights|\d+b)\b/i;

export function understand({ question, accelerators }: PlanData): Asked {
  const instances = instancesIn(question);
  const named = accelerators.filter((name) =>
    new RegExp(`\\b${name.replaceAll(' ', '[ -]?')}s?\\b`, 'i').test(question),
  );
  const per = perOf(question);
  const { atLeast, atMost, rest } = boundsIn(question);
  const about = per ? rest.replace(PER, ' ') : rest;
  const quantities = QUANTITY_WORDS.filter(([, words]) => words.test(about)).map(([quantity]) => quantity);
  return {
    instances,
    accelerators: named,
    quantities: named.length > 0 && instances.length === 0 ? quantities.map(ofOne) : quantities,
    per,
    period: periodIn(question),
    model: modelIn(question),
    atLeast,
    atMost,
    best: bestIn(rest),
    isOnInstances: instances.length + named.length > 0 || ON_INSTANCES.test(question),
  };
}

/** Of an accelerator people mean the memory of one. */
const ofOne = (quantity: Quantity) => (quantity === 'acceleratorMemoryGib' ? 'memoryPerAcceleratorGib' : quantity);

const INSTANCE = /\b(?:ml\.)?([a-z]+\d+[a-z]*(?:-\w+)?\.(?:\d*x?large|metal))\b/gi;

function instancesIn(question: string): NamedInstance[] {
  const named = [...question.matchAll(INSTANCE)].map((match): NamedInstance => {
    const name = `ml.${match[1]!.toLowerCase()}`;
    const before = new RegExp(`${NUMBER}\\s+$`, 'i').exec(question.slice(0, match.index))?.[1];
    return { name, count: before === undefined ? 1 : toNumber(before) };
  });
  return [...new Map(named.map((each) => [each.name, each])).values()];
}

const PER =
  /\b(?:per|for each|for every)\s+(gib|gb|gigabyte|gpu|accelerator|card|v?cpu|core)s?\b(\s+of\s+(\w+ )?(memory|vram|ram))?/i;

function perOf(question: string): Quantity | undefined {
  const [all = '', unit = ''] = PER.exec(question) ?? [];
  if (/^g(ib|b|igabyte)$/i.test(unit))
    return /\b(ram|host|main|system)\b/i.test(all) ? 'hostMemoryGib' : 'acceleratorMemoryGib';
  // Memory per accelerator is a quantity of its own.
  if (unit === '' || /\bmemory per (gpu|accelerator)/i.test(question)) return undefined;
  return /cpu|core/i.test(unit) ? 'vcpus' : 'accelerators';
}

const PERIOD = new RegExp(`(?:${NUMBER}|\\b(?:per|each|every))\\s+(hour|day|week|month|year)s?\\b`, 'gi');
const ADVERB = /\b(dai|week|month|year)ly\b/i;

/** Prices are by the hour: that alone is no period of its own. */
function periodIn(question: string): Period | undefined {
  const named = [...question.matchAll(PERIOD)].map(([, count = '1', unit]) => ({
    count: toNumber(count),
    unit: unit!,
  }));
  const adverb = ADVERB.exec(question)?.[1]?.toLowerCase().replace('dai', 'day');
  const periods = [...named, ...(adverb ? [{ count: 1, unit: adverb }] : [])].map(({ count, unit }) => ({
    hours: count * HOURS[unit.toLowerCase() as keyof typeof HOURS],
    title: count === 1 ? `a ${unit.toLowerCase()}` : `${count} ${unit.toLowerCase()}s`,
  }));
  return periods.find(({ hours }) => hours !== 1);
}

function modelIn(question: string): ModelSize | undefined {
  const billions = /\b(\d+(?:\.\d+)?)\s*(?:b|billion)\b/i.exec(question)?.[1];
  return billions === undefined ? undefined : { billions: Number(billions), bytesPerParameter: bytesIn(question) };
}

/** Weights are served in 16 bits unless somebody says otherwise. */
function bytesIn(question: string): number {
  if (/\b(int4|fp4|4[- ]?bits?)\b/i.test(question)) return 0.5;
  if (/\b(int8|fp8|8[- ]?bits?)\b/i.test(question)) return 1;
  return /\b(fp32|32[- ]?bits?)\b/i.test(question) ? 4 : 2;
}

const AT_LEAST = 'at least|no less than|more than|over|minimum of|with|have|has';
const AT_MOST = 'at most|no more than|less than|under|below|up to|maximum of|within';
const MEASURED =
  `(\\$\\s*)?${NUMBER}\\s*(gib|gb|gpus?|accelerators?|cards?|v?cpus?|cores?|usd|dollars?)?(?:\\s+of)?(?:\\s+(host|main|system|ram))?` +
  '(?:\\s+(?:gpu |accelerator )?(?:memory|vram))?(\\s+(?:each|per gpu|per accelerator))?(?:\\s+(?:an|per|each) hour)?';

/** As in `at least 4 GPUs`, and what goes on from there with `and`. */
const BOUND = new RegExp(`\\b(${AT_LEAST}|${AT_MOST}|and)\\s+${MEASURED}(?:\\s+or (more|less|fewer))?`, 'gi');

/** As in `4 GPUs or more`; its groups are those of the other. */
const OPEN_BOUND = new RegExp(`()${MEASURED}\\s+or (more|less|fewer)`, 'gi');

/** The conditions of a question, and the question without them. */
function boundsIn(question: string): { atLeast: Bounds; atMost: Bounds; rest: string } {
  const bounds = { atLeast: {} as Bounds, atMost: {} as Bounds };
  let side: Bounds | undefined;
  const note = (
    all: string,
    ...[word = '', dollar, number, measure = '', host, each, after]: (string | undefined)[]
  ) => {
    const quantity = boundedBy(dollar ? 'usd' : measure, host !== undefined, each !== undefined);
    const goesOn = /^and$/i.test(word) && after === undefined;
    if (quantity === undefined || (goesOn && side === undefined)) return all;
    const isMost = after ? /^(less|fewer)$/i.test(after) : new RegExp(`^(${AT_MOST})$`, 'i').test(word);
    if (!goesOn) side = isMost ? bounds.atMost : bounds.atLeast;
    side![quantity] = toNumber(number!);
    return ' ';
  };
  const rest = question.replaceAll(BOUND, note).replaceAll(OPEN_BOUND, note);
  return { ...bounds, rest };
}

function boundedBy(measure: string, isHost: boolean, isEach: boolean): Quantity | undefined {
  if (/^(usd|dollars?)$/i.test(measure)) return 'pricePerHourUsd';
  if (/^(gpus?|accelerators?|cards?)$/i.test(measure)) return 'accelerators';
  if (/^(v?cpus?|cores?)$/i.test(measure)) return 'vcpus';
  if (measure === '') return undefined;
  if (isHost) return 'hostMemoryGib';
  return isEach ? 'memoryPerAcceleratorGib' : 'acceleratorMemoryGib';
}

function bestIn(question: string): Asked['best'] {
  if (/\b(cheap\w*|least expensive|lowest (price|cost))\b/i.test(question))
    return { quantity: 'pricePerHourUsd', is: 'lowest' };
  if (/\b(most expensive|highest (price|cost))\b/i.test(question))
    return { quantity: 'pricePerHourUsd', is: 'highest' };
  const [, word = '', what = ''] =
    /\b(most|largest|biggest|highest|fewest|least|smallest|lowest)\b (?:amount of |number of )?([\w ]*)/i.exec(
      question,
    ) ?? [];
  const quantity = QUANTITY_WORDS.find(([, words]) => words.test(`number of ${what}`))?.[0];
  if (word === '' || quantity === undefined) return undefined;
  return { quantity, is: /^(most|largest|biggest|highest)$/i.test(word) ? 'highest' : 'lowest' };
}

const toNumber = (text: string) => NUMBERS[text.toLowerCase()] ?? Number(text.replaceAll(',', ''));
