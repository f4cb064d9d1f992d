import { Outlet } from 'react-router';
import { Subtabs } from '../parts/subtabs.js';
import { usePlace } from '../frame/place.js';

/** The tab of parties: those that users come from and those that they go to. */
export const Component = () => {
  const { base } = usePlace();
  const views = [
    { to: `/${base}/parties/down`, title: 'Down-parties' },
    { to: `/${base}/parties/up`, title: 'Up-parties' },
  ];
  return (
    <>
      <Subtabs label="Parties" views={views} />
      <Outlet />
    </>
  );
};
