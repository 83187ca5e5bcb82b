const integration = require('./test/integration/folders.js');

// Of the workers, which take after this process: a test file leaves little behind, but more than V8's 16 MB while it runs. And
// the functions of packages, which V8 would forget if no test file called them for a while, are not compiled again.
process.execArgv.push('--max-semi-space-size=64', '--no-flush-bytecode');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.js',
  runtime: '<rootDir>/test/support/runtime.js',
  // On a machine of two cores the default is one worker.
  maxWorkers: '100%',
  // Constructs deploy the bundles of the functions that come with the package.
  globalSetup: '<rootDir>/scripts/build-functions.mjs',
  setupFiles: ['<rootDir>/test/support/cdk-validation.js'],
  setupFilesAfterEnv: ['<rootDir>/test/support/cdk-cleanup.js'],
  // Examples import the package by its name; here that name means its sources.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  // These packages offer their TypeScript by that name too.
  moduleNameMapper: {
    '^(eventsource|eventsource-parser)$': '<rootDir>/node_modules/$1/dist/index.cjs',
    '^eventsource-parser/stream$': '<rootDir>/node_modules/eventsource-parser/dist/stream.cjs',
  },
  roots: ['<rootDir>/test', '<rootDir>/examples'],
  // What works together, real processes, and proofs about the whole have commands and configurations of their own.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...[...integration, 'test/e2e', 'test/proofs'].map((folder) => `<rootDir>/${folder}/`),
  ],
  testMatch: ['**/*.test.ts'],
  // A busy machine is no fault of the code: speed is measured in bench/.
  testTimeout: 20_000,
  // TypeScript before JavaScript: a stale build beside a source must never be what a test runs.
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: {
    '^.+\\.m?ts$': [
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
