const fs = require('node:fs');

/** Removes the home folder that `jest.global-setup.js` created. */
module.exports = function removeHome() {
  if (globalThis.testHome) fs.rmSync(globalThis.testHome, { recursive: true, force: true });
};
