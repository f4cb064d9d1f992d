import './logs.css';
import { Outlet } from 'react-router';
import { usePlace } from '../frame/place.js';
import { Subtabs } from '../parts/subtabs.js';

/** The tab of what happened. */
export const Component = () => {
  const { base } = usePlace();
  const views = [
    { to: `/${base}/logs/journeys`, title: 'Journeys' },
    { to: `/${base}/logs/logouts`, title: 'Logouts' },
    { to: `/${base}/logs/audit`, title: 'Audit' },
  ];
  return (
    <>
      <Subtabs label="Logs" views={views} />
      <Outlet />
    </>
  );
};
