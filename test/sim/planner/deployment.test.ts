import { offersFor } from '../../../sim/planner/deployment';
import { INSTANCE_OFFERS } from '../../../sim/planner/instance-offers';
import { AN_8B, twoModels } from './support';

const withVariant = (variant: typeof AN_8B) => {
  const system = twoModels();
  return { ...system, hosted: [{ ...system.hosted[0]!, variants: [variant] }, system.hosted[1]!] };
};

test('only types with the accelerator and room for a copy of each are offered', () => {
  const types = (variant: typeof AN_8B) => offersFor(withVariant(variant), INSTANCE_OFFERS).map(({ type }) => type);
  expect(types(AN_8B)).toEqual(['ml.g7e.2xlarge', 'ml.g7e.12xlarge', 'ml.g7e.48xlarge']);
  expect(types({ ...AN_8B, needs: { ...AN_8B.needs, accelerators: 2 } })).toEqual([
    'ml.g7e.12xlarge',
    'ml.g7e.48xlarge',
  ]);
});

test('a component that fits no type is named with what it asks for, what there is, and the remedy', () => {
  const system = withVariant({ ...AN_8B, needs: { ...AN_8B.needs, accelerators: 9 } });
  expect(() => offersFor(system, INSTANCE_OFFERS)).toThrow(
    'component writer fits no instance type; a copy asks for\n' +
      '  9 RTX PRO 6000, 4 vCPUs and 32768 MiB: the largest, ml.g7e.48xlarge, has 8, 192 vCPUs and 2096128 MiB\n' +
      'lower plan.components.writer.runsOn, add an entry for another accelerator, or allow more plan.instanceTypes',
  );
});

test('components that share no type are told which each fits', () => {
  const system = withVariant({ ...AN_8B, accelerator: 'H100-80GB' });
  expect(() => offersFor(system, INSTANCE_OFFERS)).toThrow(
    /one fleet has one:\n {2}writer fits ml\.p5\.48xlarge\n {2}expert fits ml\.g7e\.2xlarge, ml\.g7e\.12xlarge, ml\.g7e\.48xlarge\n/,
  );
});
