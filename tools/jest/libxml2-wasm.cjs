/** Stands for the package in the sandbox of jest; see environment.cjs. */
module.exports = globalThis.loadedByNode['libxml2-wasm'];
