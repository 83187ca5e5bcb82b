/**
 * Which shape stored states have: `KeptComponent`, `AgentSplit` and `KeepState` with all that they hold. It goes up with
 * every change that would make what is stored be misread; states of another schema are not read.
 */
export const STATE_SCHEMA = 3;

/** Of schema 2 is read as well: its splits lack what `sharesOf` adds. */
const READ_TOO = 2;

/** Whether a state of this schema, as it is stored, is read. */
export function isReadable(schema: string | undefined): boolean {
  return schema === String(STATE_SCHEMA) || schema === String(READ_TOO);
}
