module.exports = { ...require('../../jest.preset.js'), displayName: 'record-service' };
