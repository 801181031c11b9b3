const fs = require('node:fs');

/** Removes the folders that `jest.global-setup.js` created. */
module.exports = function removeFolders() {
  if (globalThis.testFolder) fs.rmSync(globalThis.testFolder, { recursive: true, force: true });
};
