import { headingFit } from './heading-fit';
import { termsOfQuestion } from './terms';

const query = new Set(termsOfQuestion('rotate secret'));

test.each([
  ['a heading that is all about the query fits best', ['Rotating secrets'], 1],
  ['a heading about more fits less', ['Secrets of several accounts'], 1 / 3],
  [
    'the same heading fits less under one that has nothing of the query',
    ['Hosted functions', 'Rotating secrets'],
    0.75,
  ],
  ['and as well under one that has some of it', ['Secrets', 'Rotating secrets'], 1],
  ['a heading above that names all of the query fits almost as well', ['Rotating a secret', 'Hosted function'], 0.9],
  ['a heading above that is wide fits less', ['Secret', 'Hosted function'], 0.6],
  ['other headings do not fit', ['Queues', 'Encryption'], 0],
  ['no heading does not fit', [], 0],
])('%s', (_, headings, expected) => {
  expect(headingFit(headings, query)).toBeCloseTo(expected);
});
