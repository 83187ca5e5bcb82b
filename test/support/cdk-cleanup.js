const cxApi = require.resolve('aws-cdk-lib/cx-api');

// aws-cdk-lib/testhelpers/jest-autoclean does the same, but loads a hundred modules of the CDK in every file, used or not.
afterAll(() => {
  if (require.cache[cxApi]) require(cxApi).CloudAssembly.cleanupTemporaryDirectories();
});
