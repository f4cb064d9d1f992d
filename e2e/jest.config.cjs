module.exports = { preset: '../jest.preset.cjs', displayName: '@corsac/e2e' };
