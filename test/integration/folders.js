// Of tests that let parts work together: functions and examples on the local stack over the protocols of AWS, and whole studies of
// the simulator.
module.exports = [
  'examples',
  'test/lambda/importer',
  'test/lambda/tuner',
  'test/lambda/warmer',
  'test/local',
  'test/sim/experiment',
];
