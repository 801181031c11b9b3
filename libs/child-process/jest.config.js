module.exports = { ...require('../../jest.preset.js'), displayName: 'child-process' };
