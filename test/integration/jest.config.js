const shared = require('../../jest.config.js');
const folders = require('./folders.js');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '../..',
  roots: folders.map((folder) => `<rootDir>/${folder}`),
  testPathIgnorePatterns: ['/node_modules/'],
};
