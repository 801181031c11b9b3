const removeFolders = require('../../../jest.global-teardown');
const { removeEmptyDatabase } = require('./empty-database.ts');

module.exports = async function tearDown() {
  await removeEmptyDatabase();
  removeFolders();
};
