module.exports = { preset: '../../../jest.preset.cjs', displayName: '@corsac/session-service' };
