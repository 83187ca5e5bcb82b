import fc from 'fast-check';
import { copyAnswer } from '../../../core/run/copy-answer';

test('a copy of plain data is equal and shares nothing that can change', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = copyAnswer(value);
      expect(copy).toEqual(value);
      if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value);
    }),
  );
});

test('a field named __proto__ is a field like any other', () => {
  const answer: unknown = JSON.parse('{"__proto__": {"polluted": true}}');
  expect(Object.keys(copyAnswer(answer) as object)).toEqual(['__proto__']);
  expect(copyAnswer(answer)).not.toHaveProperty('polluted');
});

test('instances of classes stay what they are', () => {
  const made = new Date(0);
  expect(copyAnswer({ made })).toEqual({ made });
  expect((copyAnswer({ made }) as { made: Date }).made).toBe(made);
});

test('an answer that holds itself is not copied for ever', () => {
  const answer: { self?: object } = {};
  answer.self = answer;
  expect(copyAnswer(answer)).toMatchObject({ self: { self: {} } });
});
