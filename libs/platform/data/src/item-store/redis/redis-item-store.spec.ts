import { describeWith } from '@corsac/testing/backing';
import { itemStoreSuite } from '../../suites.js';
import { openRedisItemStore } from './redis-item-store.js';

describeWith('redis', (url, { prefix }) => {
  itemStoreSuite('redis', async () => ({
    open: (space) => openRedisItemStore({ url, space: `${prefix}-${space}` }),
  }));
});
