const { types } = require('node:util');
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { installCommonGlobals } = require('jest-util');

/** Globals of packages, which runtime.js loads once: the CDK's tokens, some of them constants of its modules, and matchers. */
const KEPT = /cdk|jest-matchers/i;

let worker;

/**
 * One global object for all test files of a worker, as the packages that they share (runtime.js) need, and an ordinary one.
 * Jest's own is an object made global (https://nodejs.org/api/vm.html#what-does-it-mean-to-contextify-an-object), where every
 * use of `Math` or `Map` goes through an interceptor: simulations take three times as long in it.
 */
function startWorker(config, context) {
  const { createContext } = vm;
  // The constructor asks for its context here and offers no other way in.
  vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
  try {
    const base = new TestEnvironment(config, context);
    prepareErrors(base.global);
    return { base, globals: Object.getOwnPropertyDescriptors(base.global) };
  } finally {
    vm.createContext = createContext;
  }
}

function prepareErrors({ Error: TheirError }) {
  // Node's own. With Jest's 100, `expect`, which takes a stack trace at each call, spends most of its time on them.
  TheirError.stackTraceLimit = 10;
  // Errors that Node makes are of another global object: the SDK would drop their codes.
  const { [Symbol.hasInstance]: hasInstance } = Function.prototype;
  Object.defineProperty(TheirError, Symbol.hasInstance, {
    configurable: true,
    value(value) {
      return (this === TheirError && types.isNativeError(value)) || hasInstance.call(this, value);
    },
  });
}

/** A test file's environment: it finds the globals as the worker started with them, whatever files before it have done. */
class WorkerEnvironment {
  constructor(config, context) {
    worker ??= startWorker(config, context);
    const { global, moduleMocker, fakeTimers, fakeTimersModern } = worker.base;
    Object.assign(this, { global, moduleMocker, fakeTimers, fakeTimersModern });
    this.context = worker.base.getVmContext();
    global.process = copyOfProcess(global);
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    restore(this.global, worker.globals);
    this.context = null;
  }

  exportConditions() {
    return worker.base.exportConditions();
  }

  getVmContext() {
    return this.context;
  }
}

/** With variables of its own. */
function copyOfProcess(global) {
  const globals = { Symbol: global.Symbol, Date: global.Date };
  installCommonGlobals(globals, {});
  return globals.process;
}

function restore(global, descriptors) {
  for (const name of Reflect.ownKeys(global)) {
    if (!Object.hasOwn(descriptors, name) && !KEPT.test(String(name))) Reflect.deleteProperty(global, name);
  }
  for (const name of Reflect.ownKeys(descriptors)) Reflect.defineProperty(global, name, descriptors[name]);
}

module.exports = WorkerEnvironment;
