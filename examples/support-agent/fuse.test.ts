import type { Passage } from './corpus/passage';
import { fuse } from './fuse';

const passage = (id: string): Passage => ({ id, source: 'aws-cdk-lib/README.md', heading: 'Heading', text: 'Text' });
const [a, b, c] = [passage('a'), passage('b'), passage('c')];
const idsOf = (passages: readonly Passage[]) => passages.map(({ id }) => id);

test('a passage that two searches found comes before one at the top of a single search', () => {
  expect(
    idsOf(
      fuse(
        [
          [a, b],
          [c, b],
        ],
        3,
      ),
    ),
  ).toEqual(['b', 'a', 'c']);
});

test('no passage comes twice', () => {
  expect(idsOf(fuse([[a], [a], [a]], 3))).toEqual(['a']);
});

test('a search that failed counts for nothing', () => {
  expect(idsOf(fuse([undefined, [a]], 3))).toEqual(['a']);
});

test('no more passages come back than the limit', () => {
  expect(idsOf(fuse([[a, b, c]], 2))).toEqual(['a', 'b']);
});
