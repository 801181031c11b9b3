module.exports = { ...require('../../jest.preset.js'), displayName: 'terminal-output' };
