import { Outlet } from 'react-router';
import { usePlace } from '../frame/place.js';
import { Subtabs } from '../parts/subtabs.js';

const views = [
  ['users', 'Users'],
  ['external', 'External users'],
  ['sessions', 'Sessions'],
  ['grants', 'Refresh grants'],
  ['locks', 'Locks'],
] as const;

/** The tab of people: who they are and where they are signed in. */
export const Component = () => {
  const { base } = usePlace();
  return (
    <>
      <Subtabs label="Users" views={views.map(([to, title]) => ({ to: `/${base}/users/${to}`, title }))} />
      <Outlet />
    </>
  );
};
