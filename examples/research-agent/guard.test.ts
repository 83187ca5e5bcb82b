import { dropped, supported } from './guard';
import { NO_ANSWER } from './prompts';

const yes = { supported: true };
const no = { supported: false };

async function* each<T>(items: readonly T[]) {
  yield* items;
}

async function told(sentences: readonly string[], verdicts: readonly (typeof yes | undefined)[]): Promise<string> {
  let text = '';
  for await (const part of supported(each(sentences), each(verdicts))) text += part;
  return text;
}

test.each([
  ['as it is', ['One.', ' Two.'], [yes, yes], 'One. Two.'],
  ['without what is not supported', ['One.', ' Two.', ' Three.'], [yes, no, yes], 'One. […] Three.'],
  ['without what was not checked', ['One.', ' Two.'], [undefined, yes], '[…] Two.'],
  ['or that there is nothing', [], [], NO_ANSWER],
])('a text is told %s', async (_, sentences, verdicts, expected) => {
  expect(await told(sentences, verdicts)).toBe(expected);
});

test('what is not told is listed', () => {
  expect(dropped(['One.', ' Two.', ' Three.'], [yes, no, undefined])).toEqual(['Two.', 'Three.']);
});
