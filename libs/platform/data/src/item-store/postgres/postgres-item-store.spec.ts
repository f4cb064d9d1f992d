import { describeWith } from '@corsac/testing/backing';
import { itemStoreSuite } from '../../suites.js';
import { openPostgresItemStore } from './postgres-item-store.js';

describeWith('postgres', (url) => {
  itemStoreSuite('postgres', async () => ({
    open: (space) => openPostgresItemStore({ url, space }),
  }));
});
