module.exports = { preset: '../../jest.preset.cjs', displayName: '@corsac/app-cli' };
