/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // Examples import the package by its name; here that name means its sources.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  roots: ['<rootDir>/test', '<rootDir>/examples'],
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
