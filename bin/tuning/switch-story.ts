import type { SwitchTurn } from '../../lambda/tuner/kill-switch';

/** One turn of the switch of a tuner, in plain words. */
export function tellTurn({ at, isOff, reason }: SwitchTurn): string {
  const time = at.slice(0, 16).replace('T', ' ');
  return `switched ${isOff ? 'off' : 'on'} at ${time} UTC${reason === undefined ? '' : `: ${reason}`}`;
}
