import {
  BrainError,
  type ChatModel,
  inferenceComponent8b,
  type LocalChatModel,
  type LocalComponent,
  RefusedError,
  World,
} from '../../../local/world';
import { VirtualClock } from '../../../sim/kernel/virtual-clock';

const WARM = { ...inferenceComponent8b, scaling: { ...inferenceComponent8b.scaling, minCopies: 1 } };
const QUESTION = { messages: [{ role: 'user' as const, content: 'x'.repeat(400) }] };
const never = new AbortController().signal;

const writer = (brain: LocalChatModel['brain'], behaviour = WARM): LocalComponent => ({
  kind: 'chat-model',
  backend: { type: 'sagemaker', endpointName: 'fleet', inferenceComponentName: 'writer' },
  behaviour,
  brain,
});

function worldOf(...components: LocalComponent[]) {
  const clock = new VirtualClock();
  return { clock, world: new World(components, { clock }) };
}

function writerOf(world: World): ChatModel {
  const model = world.model('sagemaker/writer');
  if (model?.kind !== 'chat-model') throw new Error('no writer');
  return model;
}

/** Lets promises settle that wait for nothing but each other. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('an answer takes as long as its tokens take a copy', async () => {
  const { clock, world } = worldOf(writer(() => 'y'.repeat(800)));
  let isDone = false;
  const answer = writerOf(world)
    .answer(QUESTION, never)
    .finally(() => {
      isDone = true;
    });
  await settled();

  // 100 prompt tokens in one step, then 199 more tokens at about 12.7 ms each.
  clock.advance(2500);
  await settled();
  expect(isDone).toBe(false);
  clock.advance(100);
  expect((await answer).usage).toEqual({ inputTokens: 100, outputTokens: 200 });
});

test('a reader gets the text as its tokens come out, and never half a character', async () => {
  const text = '🙂xyz'.repeat(160);
  const { clock, world } = worldOf(writer(() => text));
  const parts: { readonly text: string; readonly atMs: number }[] = [];
  const answer = writerOf(world).answer(QUESTION, never, (part) => parts.push({ text: part, atMs: clock.now() }));
  await settled();
  clock.advance(10);
  expect(parts).toEqual([]);

  clock.advance(1250);
  // About 98 of 200 tokens of 4 code units each.
  const length = parts.map((part) => part.text).join('').length;
  expect(length).toBeGreaterThan(350);
  expect(length).toBeLessThan(430);
  clock.advance(1340);
  await expect(answer).resolves.toMatchObject({ text, usage: { outputTokens: 200 } });
  expect(parts.map((part) => part.text).join('')).toBe(text);
  expect(parts.map((part) => part.text)).toEqual(parts.map((part) => Buffer.from(part.text).toString()));
  expect(parts[0]!.atMs).toBeLessThan(60);
});

test('a reader that stops early frees the copy and hears no more', async () => {
  const { clock, world } = worldOf(writer(() => 'y'.repeat(800)));
  const stop = new AbortController();
  const parts: string[] = [];
  const answer = writerOf(world).answer(QUESTION, stop.signal, (part) => parts.push(part));
  await settled();
  clock.advance(500);
  const heard = parts.length;
  stop.abort(new Error('enough'));
  await expect(answer).rejects.toThrow('enough');
  expect(writerOf(world).state.copies).toMatchObject([{ status: 'in-service', concurrency: 0 }]);
  clock.advance(5000);
  expect(heard).toBeGreaterThan(1);
  expect(parts).toHaveLength(heard);
});

test('a refused call does not reach the brain', async () => {
  const brain = jest.fn(() => 'x');
  const { world } = worldOf(writer(brain, inferenceComponent8b));
  await expect(writerOf(world).answer(QUESTION, never)).rejects.toThrow(RefusedError);
  expect(brain).not.toHaveBeenCalled();
});

test('what the brain throws, at once or later, is a BrainError with its cause', async () => {
  const cause = new Error('out of memory');
  const { world } = worldOf(
    writer(() => {
      throw cause;
    }),
  );
  await expect(writerOf(world).answer(QUESTION, never)).rejects.toMatchObject({ name: 'BrainError', cause });
  const later = worldOf(writer(() => Promise.reject(cause)));
  await expect(writerOf(later.world).answer(QUESTION, never)).rejects.toThrow(BrainError);
});

const cycle: unknown[] = [];
cycle.push(cycle);

test.each([[() => 'x'], [Symbol('x')], [1n], [cycle]])('a brain that returns no JSON fails: %p', async (output) => {
  const backend = { type: 'sagemaker' as const, endpointName: 'classifier' };
  const { world } = worldOf({ kind: 'json-model', backend, behaviour: WARM, brain: () => output });
  const model = world.model('sagemaker/classifier');
  if (model?.kind !== 'json-model') throw new Error('no classifier');
  await expect(model.answer({}, never)).rejects.toThrow(BrainError);
});

test.each([undefined, null, 42, {}, Object.create(null)])(
  'a chat brain that returns no text fails: %p',
  async (said) => {
    const { world } = worldOf(writer(() => said));
    await expect(writerOf(world).answer(QUESTION, never)).rejects.toThrow(BrainError);
  },
);

test.each([
  ['the brain thinks', () => new Promise<string>(() => {})],
  ['the copy works', () => 'x'],
])('an abort while %s rejects with its reason and frees the copy', async (_, brain) => {
  const { world } = worldOf(writer(brain));
  const abort = new AbortController();
  const answer = writerOf(world).answer(QUESTION, abort.signal);
  await settled();
  abort.abort(new Error('changed my mind'));
  await expect(answer).rejects.toThrow('changed my mind');
  expect(writerOf(world).state.copies).toEqual([{ status: 'in-service', concurrency: 0 }]);
});

test('a snapshot shows every component and how its copies stand', () => {
  const { clock, world } = worldOf(
    writer(() => 'x'),
    { kind: 'function', backend: { type: 'lambda', functionName: 'search' }, handler: () => [] },
  );
  writerOf(world).setDesiredCopies(2);
  clock.advance(1000);
  expect(world.snapshot()).toEqual([
    {
      id: 'sagemaker/writer',
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName: 'fleet', inferenceComponentName: 'writer' },
      state: {
        desiredCopies: 2,
        copies: [
          { status: 'in-service', concurrency: 0 },
          { status: 'starting', stage: 'provision', remainingSeconds: expect.any(Number) },
        ],
      },
    },
    { id: 'lambda/search', kind: 'function', backend: { type: 'lambda', functionName: 'search' } },
  ]);
});

test('two components cannot stand in for the same backend', () => {
  expect(() =>
    worldOf(
      writer(() => 'x'),
      writer(() => 'y'),
    ),
  ).toThrow('two local components stand in for sagemaker/writer');
});
