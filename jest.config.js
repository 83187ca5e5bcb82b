/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.js',
  // On a machine of two cores the default is one worker.
  maxWorkers: '100%',
  // Constructs deploy the bundles of the functions that come with the package.
  globalSetup: '<rootDir>/scripts/build-functions.mjs',
  setupFiles: ['<rootDir>/test/support/cdk-validation.js'],
  setupFilesAfterEnv: ['<rootDir>/test/support/cdk-cleanup.js'],
  // Examples import the package by its name; here that name means its sources.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  roots: ['<rootDir>/test', '<rootDir>/examples'],
  // Real processes, and proofs about the whole, have commands and configurations of their own.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/proofs/'],
  testMatch: ['**/*.test.ts'],
  // TypeScript before JavaScript: a stale build beside a source must never be what a test runs.
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true },
          target: 'es2022',
        },
      },
    ],
  },
};
