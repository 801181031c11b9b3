const setUpEnvironment = require('../../../jest.global-setup');
const { createEmptyDatabase } = require('./empty-database.ts');

module.exports = async function setUp() {
  setUpEnvironment();
  await createEmptyDatabase();
};
