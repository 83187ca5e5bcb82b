/**
 * Which shape stored states have: `KeptComponent`, `AgentSplit` and `KeepState` with all that they hold. It goes up with
 * every change that would make what is stored be misread; states of another schema are not read.
 */
export const STATE_SCHEMA = 2;
