const shared = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '../..',
  roots: ['<rootDir>/test/proofs'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Whole deployments are played through.
  testTimeout: 30_000,
};
