import { cooldowns } from '../../../core/scale/cooldowns';

test.each([
  [{ p75: 20, p90: 4 }, 60, 300],
  [{ p75: 180.4, p90: 16 }, 180, 800],
  [{ p75: 900, p90: 1000 }, 600, 900],
  [{ p75: 0, p90: 0 }, 60, 300],
])('copies that are ready after %j s have cooldowns of %i and %i s', (ready, scaleOut, scaleIn) => {
  expect(cooldowns(ready)).toEqual({ scaleOutCooldownSeconds: scaleOut, scaleInCooldownSeconds: scaleIn });
});
