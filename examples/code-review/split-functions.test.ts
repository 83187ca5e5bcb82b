import { handler } from './split-functions';

const split = (source: string, path = 'file.ts') => handler({ files: [{ path, source }] });
const namesIn = async (source: string, path?: string) => (await split(source, path)).functions.map(({ name }) => name);

test.each([
  ['a declaration', 'function load() {}', ['load']],
  ['an arrow function', 'const load = async () => {};', ['load']],
  ['a function expression by its variable', 'const load = function inner() {};', ['load']],
  ['an assignment', 'exports.load = () => {};', ['load']],
  ['a default export', 'export default () => {};', ['default']],
  [
    'methods',
    'class Cache { get() {} static of() {} #drop() {} async *keys() {} }',
    ['Cache.get', 'Cache.of', 'Cache.#drop', 'Cache.keys'],
  ],
  [
    'a constructor and accessors',
    'class Cache { constructor() {} get size() { return 0; } }',
    ['Cache.constructor', 'Cache.size'],
  ],
  ['class fields', 'class Cache { load = async () => {}; }', ['Cache.load']],
  ['an object', 'const api = { get() {}, put: () => {}, "a b": function () {} };', ['api.get', 'api.put', 'api.a b']],
  ['generics', 'const id = <T,>(x: T): T => x; function map<T extends object>(x: T) {}', ['id', 'map']],
  ['casts', 'const f = (() => {}) as Handler;', ['f']],
  ['decorators', 'class A { @Get() run(@Body() body: B) {} }', ['A.run']],
  ['overloads once', 'function f(a: string): void;\nfunction f(a: number): void;\nfunction f(a: any) {}', ['f']],
  ['callbacks of a module', 'test("adds", () => {}); app.get("/", async () => {});', ['test callback', 'get callback']],
])('finds %s', async (_, source, names) => {
  expect(await namesIn(source)).toEqual(names);
});

test('a named function inside another is found on its own', async () => {
  expect(await namesIn('function outer() { function inner() {} const also = () => {}; }')).toEqual([
    'outer',
    'inner',
    'also',
  ]);
});

test('a callback is part of the function around it', async () => {
  const source = 'function outer(xs) { return xs.map((x) => x + 1); }';
  expect((await split(source)).functions).toEqual([
    { path: 'file.ts', name: 'outer', startLine: 1, endLine: 1, source },
  ]);
});

test('lines count from 1 in the file', async () => {
  const { functions } = await split('// first\n\nfunction load() {\n  return 1;\n}\n');
  expect(functions[0]).toMatchObject({ startLine: 3, endLine: 5, source: 'function load() {\n  return 1;\n}' });
});

test('JSX is read in .tsx files', async () => {
  expect(await namesIn('const Page = () => <main>{items.map((i) => <p>{i}</p>)}</main>;', 'page.tsx')).toEqual([
    'Page',
  ]);
});

test('a file with a syntax error is reported, and the others are split', async () => {
  const { functions, skipped } = await handler({
    files: [
      { path: 'broken.ts', source: 'function (' },
      { path: 'fine.ts', source: 'function fine() {}' },
    ],
  });
  expect(functions.map(({ name }) => name)).toEqual(['fine']);
  expect(skipped).toEqual([{ path: 'broken.ts', reason: expect.stringContaining('(1:9)') }]);
});

test.each([
  ['an empty file', ''],
  ['a file without functions', 'export const limit = 3;'],
])('%s has no functions and is not reported', async (_, source) => {
  expect(await split(source)).toEqual({ functions: [], skipped: [] });
});

test('a file of two megabytes is reported without being read', async () => {
  const { functions, skipped } = await split('x;\n'.repeat(700_000));
  expect(functions).toEqual([]);
  expect(skipped[0]?.reason).toBe('the file is too long to review: 2100000 characters, at most 1000000');
});

test('a function too long for a prompt is reported, and the functions inside it are found', async () => {
  const source = `function bundle() {\n${'  call();\n'.repeat(4000)}  function inner() {}\n}`;
  const { functions, skipped } = await split(source);
  expect(functions.map(({ name }) => name)).toEqual(['inner']);
  expect(skipped[0]?.reason).toMatch(/^bundle is too long to review/);
});

test('source nested too deep to walk is reported', async () => {
  const { functions, skipped } = await split(`const sum = ${'1 + '.repeat(100_000)}1;`);
  expect(functions).toEqual([]);
  expect(skipped).toMatchObject([{ reason: 'the source is nested too deep to be read' }]);
});
