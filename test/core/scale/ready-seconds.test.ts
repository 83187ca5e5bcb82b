import { readySeconds, UNSEEN_SECONDS } from '../../../core/scale/ready-seconds';

test('before a start was seen, a long one is assumed', () => {
  expect(readySeconds([])).toEqual({ p75: UNSEEN_SECONDS, p90: UNSEEN_SECONDS });
});

test('what is usual is between the starts that were seen', () => {
  expect(readySeconds([100, 200, 300, 400, 500])).toEqual({ p75: 400, p90: 460 });
});
