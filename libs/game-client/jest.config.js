module.exports = { ...require('../../jest.preset.js'), displayName: 'game-client' };
