const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { default: TestRunner } = require('jest-runner');

/**
 * Runs only test files with tests that cover the mutant, quick ones first, and ends with the first that finds it. The
 * framework names the tests to Jest and no files, so that Jest would load all of them for every mutant; and it cannot have
 * Jest's own bail.
 */
module.exports = class MutantRunner extends TestRunner {
  /** Names of tests by file, as the run without a mutant found them; all processes of a mutation run share it. */
  #namesFile = path.join(this._globalConfig.rootDir, 'mutation', 'test-names.json');

  async runTests(tests, watcher, options) {
    const { testNamePattern } = this._globalConfig;
    if (!testNamePattern) return await this.#runAll(tests, watcher, options);
    this.on('test-file-success', ([, { numFailingTests }]) => {
      if (numFailingTests > 0) watcher.setState({ interrupted: true });
    });
    const quickFirst = this.#thatMatch(tests, testNamePattern).sort((a, b) => (a.duration ?? 0) - (b.duration ?? 0));
    await super.runTests(quickFirst, watcher, options);
  }

  async #runAll(tests, watcher, options) {
    const names = {};
    this.on('test-file-success', ([test, { testResults }]) => {
      names[test.path] = testResults.map(({ fullName }) => fullName);
    });
    await super.runTests(tests, watcher, options);
    if (!existsSync(this.#namesFile)) writeFileSync(this.#namesFile, JSON.stringify(names));
  }

  #thatMatch(tests, pattern) {
    const names = JSON.parse(readFileSync(this.#namesFile, 'utf8'));
    const isCovering = new RegExp(pattern, 'i');
    return tests.filter((test) => names[test.path]?.some((name) => isCovering.test(name)) ?? true);
  }
};
