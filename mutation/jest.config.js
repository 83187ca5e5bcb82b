const { runtime, testEnvironment, ...shared } = require('../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '..',
  // Which tests cover a mutant is known only in an environment that the mutation framework has made its own.
  testEnvironment: 'node',
  globalSetup: undefined,
  roots: ['<rootDir>/test/core'],
};
