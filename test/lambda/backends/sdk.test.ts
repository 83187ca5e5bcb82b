import { lazy } from '../../../lambda/backends/sdk';

test('a value is made once', async () => {
  const make = jest.fn(async () => ({}));
  const value = lazy(make);
  expect(await value()).toBe(await value());
  expect(make).toHaveBeenCalledTimes(1);
});

test('a value that could not be made is made anew at the next use', async () => {
  const outcomes = [Promise.reject(new Error('no file')), Promise.resolve('made')];
  const value = lazy(() => outcomes.shift()!);
  await expect(value()).rejects.toThrow('no file');
  await expect(value()).resolves.toBe('made');
});
