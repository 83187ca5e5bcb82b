const shared = require('../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '..',
  // They prepare tests of constructs.
  globalSetup: undefined,
  setupFilesAfterEnv: [],
  setupFiles: ['<rootDir>/mutation/without-shrinking.js'],
  // The mutation framework takes it for its own, by its path.
  testEnvironment: require.resolve('../test/support/environment.js'),
  runner: require.resolve('./runner.js'),
  // What a mutant makes hang, waits no longer.
  testTimeout: 5_000,
  roots: [`<rootDir>/test/${process.env.MUTATED}`],
};
