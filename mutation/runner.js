const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { default: TestRunner } = require('jest-runner');

/**
 * Runs only test files with tests that cover the mutant, quick ones first, and ends with the first that finds it. The
 * framework names the tests to Jest and no files, so that Jest would load all of them for every mutant; and it cannot have
 * Jest's own bail.
 */
module.exports = class MutantRunner extends TestRunner {
  /** Test files by path, as the run without a mutant found them; all processes of a mutation run share it. */
  #knownFile = path.join(this._globalConfig.rootDir, 'mutation', 'test-files.json');

  async runTests(tests, watcher, options) {
    const { testNamePattern } = this._globalConfig;
    if (!testNamePattern) return await this.#runAll(tests, watcher, options);
    this.on('test-file-success', ([, { numFailingTests }]) => {
      if (numFailingTests > 0) watcher.setState({ interrupted: true });
    });
    await super.runTests(this.#quickFirst(tests, new RegExp(testNamePattern, 'i')), watcher, options);
  }

  async #runAll(tests, watcher, options) {
    const known = {};
    this.on('test-file-success', ([test, { testResults, perfStats }]) => {
      known[test.path] = { names: testResults.map(({ fullName }) => fullName), ms: perfStats.runtime };
    });
    await super.runTests(tests, watcher, options);
    if (!existsSync(this.#knownFile)) writeFileSync(this.#knownFile, JSON.stringify(known));
  }

  #quickFirst(tests, isCovering) {
    const known = JSON.parse(readFileSync(this.#knownFile, 'utf8'));
    return tests
      .filter(({ path: file }) => known[file]?.names.some((name) => isCovering.test(name)) ?? true)
      .sort(({ path: one }, { path: other }) => (known[one]?.ms ?? 0) - (known[other]?.ms ?? 0));
  }
};
