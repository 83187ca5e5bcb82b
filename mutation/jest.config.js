const { setupFiles, setupFilesAfterEnv, globalSetup, runtime, ...shared } = require('../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '..',
  // Which tests cover a mutant is known only in an environment and a runtime that the mutation framework can make its own.
  testEnvironment: 'node',
  roots: ['<rootDir>/test/core/run'],
};
