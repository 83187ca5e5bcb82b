const fc = require('fast-check');

// A mutant is found by the first failure: to look for the smallest takes a property over many ticks half a minute.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
