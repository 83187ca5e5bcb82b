import { makeWarming } from '../../../../lambda/orchestrator/warming/make-warming';
import { Warming } from '../../../../lambda/orchestrator/warming/warming';
import { WarmingSource } from '../../../../lambda/orchestrator/warming/warming-source';
import { VirtualClock } from '../../../../sim/kernel/virtual-clock';

const CONFIG = { table: 'warm', functionName: 'warmer', components: {} };

afterEach(() => jest.restoreAllMocks());

test('a run goes on without warming if that cannot be loaded, which is logged, and the next tries again', async () => {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const load = jest.fn().mockRejectedValueOnce(new RangeError('a secret')).mockResolvedValue({ makeWarming });
  const source = new WarmingSource(new VirtualClock(), () => 0, load);
  expect(await source.of(CONFIG)).toBeUndefined();
  expect(written.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
    expect.objectContaining({ level: 'ERROR', message: 'nothing is warmed', thrown: 'RangeError' }),
  ]);
  const warming = await source.of(CONFIG);
  expect(warming).toBeInstanceOf(Warming);
  expect(await source.of(CONFIG)).toBe(warming);
  expect(load).toHaveBeenCalledTimes(2);
});
