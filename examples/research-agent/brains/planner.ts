import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import { QUANTITIES, type Quantity } from '../instances/instance';
import type { PlanData } from '../prompts';
import { from, PlanText, type Reference, type Template, text } from './plan-text';
import { type Asked, type ModelSize, understand } from './question';

/** An instance type that a task brings. */
interface Subject {
  readonly task: string;
  readonly count: number;
}

/** A value of a subject, and what it is called. */
interface Measured {
  /** What has brought it. */
  readonly task: string;
  readonly name: Reference | string;
  readonly value: Reference;
}

const CHEAPEST = { quantity: 'pricePerHourUsd', is: 'lowest' } as const;

/** What tells instance types apart if nobody says by what. */
const BY_DEFAULT: readonly Quantity[] = ['pricePerHourUsd', 'acceleratorMemoryGib'];

/** Stands in for the planner: reads names, quantities and conditions out of the question, and writes what to do with them. */
export function planner(request: ChatRequest): string {
  const asked = understand(planDataOf(request));
  const plan = new PlanText();
  if (!asked.isOnInstances) return plan.end([]);
  const weights = asked.model && planWeights(plan, asked.model);
  const subjects = planSubjects(plan, asked, weights);
  const found = subjects.map(({ task }) => task);
  if (weights && asked.instances.length > 0) return plan.end([planFit(plan, subjects, weights), ...found]);
  return plan.end([...planMeasures(plan, subjects, asked), ...found, ...(weights ? [weights.task] : [])]);
}

/** The question, also where the planner is asked to repair what it wrote. */
function planDataOf(request: ChatRequest): PlanData {
  const user = request.messages.filter(({ role }) => role === 'user').slice(0, 1);
  return dataOf({ ...request, messages: user });
}

function planWeights(plan: PlanText, { billions, bytesPerParameter }: ModelSize): Measured {
  const name = `a model of ${billions} billion parameters`;
  const of = `the memory for the weights of ${name} at ${bytesPerParameter * 8} bits each`;
  const expression = `${billions} * 10^9 * ${bytesPerParameter} / 2^30`;
  const task = plan.add('calculate', { of, expression, unit: 'GiB' });
  return { task, name, value: from(task, 'value') };
}

function planSubjects(plan: PlanText, asked: Asked, weights: Measured | undefined): Subject[] {
  const lookups = asked.instances.map(({ name, count }) => ({ task: plan.add('lookup', { instance: name }), count }));
  const atLeast = { ...asked.atLeast, ...(weights && { acceleratorMemoryGib: weights.value }) };
  const conditions = {
    ...(Object.keys(atLeast).length > 0 && { atLeast }),
    ...(Object.keys(asked.atMost).length > 0 && { atMost: asked.atMost }),
    best: asked.best ?? CHEAPEST,
  };
  const found = descriptionsOf(asked, conditions, weights !== undefined).map((description) => ({
    task: plan.add('find', description),
    count: 1,
  }));
  return [...lookups, ...found];
}

/** What is to be found: beside instance types that are named, only what is the best of an accelerator. */
function descriptionsOf(asked: Asked, conditions: object, isForModel: boolean): object[] {
  const { accelerators, instances, best } = asked;
  const isNamed = instances.length > 0;
  if (accelerators.length > 0) {
    return isNamed && !best ? [] : accelerators.map((accelerator) => ({ accelerator, ...conditions }));
  }
  const isDescribed = isForModel || best !== undefined || 'atLeast' in conditions || 'atMost' in conditions;
  return !isNamed && isDescribed ? [conditions] : [];
}

/** @returns the task that compares what a model needs with what there is */
function planFit(plan: PlanText, subjects: readonly Subject[], weights: Measured): string {
  const memories = subjects.map(({ task }) => ({
    name: from(task, 'name'),
    value: from(task, 'acceleratorMemoryGib'),
  }));
  const values = [{ name: weights.name, value: weights.value }, ...memories];
  return plan.add('compare', { by: 'accelerator memory', unit: 'GiB', values });
}

/** @returns the tasks that say what was asked of the subjects */
function planMeasures(plan: PlanText, subjects: readonly Subject[], asked: Asked): string[] {
  const { per, period } = asked;
  const implied: Quantity[] = per || period ? ['pricePerHourUsd'] : [];
  const quantities = asked.quantities.length > 0 ? asked.quantities : implied.length > 0 ? implied : BY_DEFAULT;
  return quantities
    .filter((quantity) => quantity !== per)
    .flatMap((quantity) => {
      const measure = measureOf(quantity, asked);
      const measured = subjects.map((subject) => planMeasure(plan, subject, measure));
      if (measured.length < 2) return measured.map(({ task }) => task);
      const values = measured.map(({ name, value }) => ({ name, value }));
      return [plan.add('compare', { by: measure.title, ...unitOf(measure.unit), values })];
    });
}

interface Measure {
  readonly quantity: Quantity;
  readonly title: string;
  readonly unit: string;
  readonly hours: number;
  readonly per: Quantity | undefined;
}

/** Only prices are by the hour, so only they come to more in a month. */
function measureOf(quantity: Quantity, { per, period }: Asked): Measure {
  const { title, unit } = QUANTITIES[quantity];
  const isLonger = quantity === 'pricePerHourUsd' && period !== undefined;
  const perTitle = per ? ` per ${SINGLE[per]}` : '';
  return {
    quantity,
    title: `${isLonger ? `price for ${period.title}` : title}${perTitle}`,
    unit,
    hours: isLonger ? period.hours : 1,
    per,
  };
}

const SINGLE: Readonly<Record<Quantity, string>> = {
  accelerators: 'accelerator',
  vcpus: 'vCPU',
  acceleratorMemoryGib: 'GiB of accelerator memory',
  memoryPerAcceleratorGib: 'GiB of memory of an accelerator',
  hostMemoryGib: 'GiB of host memory',
  pricePerHourUsd: 'USD per hour',
};

/** What the catalogue has is there already; the rest is calculated. */
function planMeasure(
  plan: PlanText,
  { task, count }: Subject,
  { quantity, title, unit, hours, per }: Measure,
): Measured {
  const name = from(task, quantity === 'memoryPerAcceleratorGib' ? 'accelerator' : 'name');
  if (count === 1 && hours === 1 && per === undefined) return { task, name, value: from(task, quantity) };
  const of: Template = text(`the ${title} of ${count === 1 ? '' : `${count} `}`, name);
  const expression: Template = text(
    from(task, quantity),
    ...(count === 1 ? [] : [` * ${count}`]),
    ...(hours === 1 ? [] : [` * ${hours}`]),
    ...(per === undefined ? [] : [' / ', from(task, per)]),
  );
  const calculation = plan.add('calculate', { of, expression, ...unitOf(unit) });
  return { task: calculation, name, value: from(calculation, 'value') };
}

const unitOf = (unit: string) => (unit === '' ? {} : { unit });
