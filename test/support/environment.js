const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest's environment with an ordinary global object for each test file. Jest's own is an object made global
 * (https://nodejs.org/api/vm.html#what-does-it-mean-to-contextify-an-object), where every use of `Math` or `Map` goes through
 * an interceptor: simulations take three times as long in it.
 */
class OrdinaryGlobalEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    // The constructor asks for its context here and offers no other way in.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}

module.exports = OrdinaryGlobalEnvironment;
