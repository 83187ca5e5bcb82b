const { statSync } = require('node:fs');
const { sep } = require('node:path');
const { Script } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');

const IN_PACKAGES = `${sep}node_modules${sep}`;

/** Jest's runner keeps what it knows of a test file in its modules. */
const RUNNER = `${IN_PACKAGES}jest-circus${sep}`;

const isShared = (path) => path.includes(IN_PACKAGES) && !path.includes(RUNNER);

/** Modules by path: those of the project are a test file's own, those of packages all test files'. */
class Modules extends Map {
  #packages;

  constructor(packages) {
    super();
    this.#packages = packages;
  }

  get(path) {
    return isShared(path) ? this.#packages.get(path) : super.get(path);
  }

  has(path) {
    return isShared(path) ? this.#packages.has(path) : super.has(path);
  }

  set(path, module) {
    if (!isShared(path)) return super.set(path, module);
    this.#packages.set(path, module);
    return this;
  }

  delete(path) {
    return isShared(path) ? this.#packages.delete(path) : super.delete(path);
  }
}

const worker = {
  packages: new Map(),
  packagesOfJest: new Map(),
  /** Transformed sources by path, with what V8 has compiled of them so far. */
  sources: new Map(),
  /** The runtime of the test file that runs. */
  runtime: undefined,
};

/**
 * Jest's runtime, which loads packages once in a worker and compiles sources once. Jest does both again for each test file, which
 * takes as long as the tests. All test files of a worker have the same global object (environment.js).
 */
class WorkerRuntime extends JestRuntime {
  constructor(...args) {
    super(...args);
    this.registries.moduleRegistry = new Modules(worker.packages);
    this.registries.internalModuleRegistry = new Modules(worker.packagesOfJest);
    transformOnce(this.transformCache);
    compileOnce(this.executor);
    requireTypeScript(this._resolution);
    worker.runtime = this;
  }

  // Packages keep the `require` of the test file that loaded them, which may have ended when they load more.
  requireModuleOrMock(from, moduleName) {
    if (this !== worker.runtime && isShared(from)) return worker.runtime.requireModuleOrMock(from, moduleName);
    return super.requireModuleOrMock(from, moduleName);
  }

  requireInternalModule(from, moduleName) {
    if (this !== worker.runtime && isShared(from)) return worker.runtime.requireInternalModule(from, moduleName);
    return super.requireInternalModule(from, moduleName);
  }
}

/** Whatever the extension says: all TypeScript is transformed to CommonJS. */
function requireTypeScript(resolution) {
  const shouldLoadAsEsm = resolution.shouldLoadAsEsm.bind(resolution);
  resolution.shouldLoadAsEsm = (path) => !path.endsWith('.mts') && shouldLoadAsEsm(path);
}

function transformOnce(transformCache) {
  const transform = transformCache.transform.bind(transformCache);
  const sourceMaps = transformCache.getSourceMaps();
  transformCache.transform = (path, options) => {
    const { mtimeMs } = statSync(path);
    const known = worker.sources.get(path);
    if (known?.mtimeMs !== mtimeMs) {
      const code = transform(path, options);
      worker.sources.set(path, { code, mtimeMs, sourceMap: sourceMaps.get(path) });
      return code;
    }
    if (known.sourceMap) sourceMaps.set(path, known.sourceMap);
    return known.code;
  };
}

function compileOnce(executor) {
  const { environment, injectedModuleParameters } = executor;
  const head = `(function (${injectedModuleParameters}) {`;
  executor.compile = (code, filename) => {
    const context = environment.getVmContext();
    if (!context) return null;
    const source = worker.sources.get(filename);
    source.script ??= new Script(`${head}${code}\n})`, { filename, columnOffset: -head.length });
    return source.script.runInContext(context);
  };
}

module.exports = { __esModule: true, default: WorkerRuntime };
