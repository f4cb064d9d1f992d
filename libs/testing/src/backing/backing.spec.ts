import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { describeWith, freePort, resolveBacking } from '../backing.js';
import { startContainer } from './start-container.js';
import { isOnMachine, startOnMachine } from './start-on-machine.js';

const urls: string[] = [];

describeWith('postgres', (url) => {
  it('gives a spec a database of its own', () => {
    urls.push(url);
    expect(new URL(url).pathname).toMatch(/^\/corsac_t[0-9a-f]{10}$/);
  });
});

describeWith('postgres', (url) => {
  it('gives every group another database', () => {
    expect(urls).not.toContain(url);
  });
});
