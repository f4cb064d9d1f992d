import type { ImportedUser } from '@corsac/model';
import { supersede } from './supersede.js';

const user = (fields: object): ImportedUser => fields as ImportedUser;
const ada = (more: object = {}) => user({ email: 'ada@example.com', ...more });
const bob = user({ email: 'bob@example.com', name: 'Bob' });

describe('a user who is declared anew while an older declaration waits', () => {
  it('waits no more in the older batch, in which the others stay', () => {
    const waiting = [{ id: '1', users: [ada({ name: 'old' }), bob] }];
    expect(supersede([ada({ name: 'new' })], waiting)).toEqual({
      users: [ada({ name: 'new' })],
      left: [{ id: '1', users: [bob] }],
    });
  });

  it('is completed by what only the older declaration said', () => {
    const waiting = [{ id: '1', users: [ada({ name: 'old', role: 'admin' })] }];
    const { users } = supersede([ada({ name: 'new', changed: ['name'] })], waiting);
    expect(users).toEqual([ada({ name: 'new', role: 'admin' })]);
  });

  it('loses a field that the newer declaration takes away', () => {
    const { users } = supersede(
      [ada({ changed: ['name'] })],
      [{ id: '1', users: [ada({ name: 'old', role: 'admin' })] }],
    );
    expect(users).toEqual([ada({ role: 'admin' })]);
  });

  it('has the changes of both where neither says everything, the newest last', () => {
    const waiting = [
      { id: '1', users: [ada({ name: 'first', role: 'one', changed: ['name', 'role'] })] },
      { id: '2', users: [ada({ name: 'second', changed: ['name'] })] },
    ];
    const { users, left } = supersede([ada({ phone: '1', changed: ['phone'] })], waiting);
    expect(users).toEqual([ada({ name: 'second', role: 'one', phone: '1', changed: ['name', 'role', 'phone'] })]);
    expect(left).toEqual([
      { id: '1', users: [] },
      { id: '2', users: [] },
    ]);
  });

  it('is known by any identifier', () => {
    const waiting = [{ id: '1', users: [user({ email: 'ada@example.com', username: 'ada', name: 'old' })] }];
    expect(supersede([user({ username: 'ada', name: 'new' })], waiting).left).toEqual([{ id: '1', users: [] }]);
  });

  it('leaves alone who is somebody else', () => {
    expect(supersede([ada()], [{ id: '1', users: [bob] }])).toEqual({ users: [ada()], left: [] });
  });
});
