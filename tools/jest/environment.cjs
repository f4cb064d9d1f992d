/**
 * The node environment of jest plus a few packages loaded by Node itself. A package with a top-level await can only be
 * imported, and jest imports nothing without a Node flag; so Node loads it outside and the sandbox receives it.
 */
const { TestEnvironment } = require('jest-environment-node');

const outside = ['libxml2-wasm'];

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    const loaded = await Promise.all(outside.map(async (name) => [name, await import(name)]));
    this.global.loadedByNode = Object.fromEntries(loaded);
  }
};
