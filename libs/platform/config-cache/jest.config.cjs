module.exports = { preset: '../../../jest.preset.cjs', displayName: '@corsac/config-cache' };
