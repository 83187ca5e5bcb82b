/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  packageManager: 'npm',
  plugins: [import.meta.resolve('@stryker-mutator/jest-runner')],
  testRunner: 'jest',
  // Tests import the package by its name, which the search for related tests does not resolve.
  jest: { configFile: 'mutation/jest.config.js', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  // A mutant in a type or a message that no test reads says nothing about behaviour.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignorePatterns: ['bench', 'dist', 'cdk.out', '.cache', 'examples', 'test/e2e', 'test/proofs'],
  tempDirName: '.cache/stryker',
  // It would be read with an interface that TypeScript 7 does not have.
  tsconfigFile: 'none',
  incremental: true,
  incrementalFile: '.cache/stryker-incremental.json',
  timeoutMS: 5_000,
  timeoutFactor: 2,
  concurrency: 2,
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { reportTests: false, logTests: false },
  thresholds: { high: 90, low: 85, break: 85 },
};
