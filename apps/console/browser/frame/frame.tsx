import { Button, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Suspense, useEffect } from 'react';
import { Link, NavLink, Outlet, useParams } from 'react-router';
import { ProblemAlert } from '../form/problem-alert.js';
import { Waiting } from '../parts/listing.js';
import { useAdministration } from '../sign-in/administrator.js';
import { usePlace } from './place.js';
import { TrackSelector, useTracks } from './track-selector.js';

const tabs = [
  ['parties', 'Parties'],
  ['users', 'Users'],
  ['keys', 'Keys'],
  ['logs', 'Logs'],
  ['settings', 'Settings'],
] as const;

/** The library's own way to switch writes a style element, which the policy of the page forbids. */
const ColorScheme = () => {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return <Menu.Item onClick={() => setColorScheme(other)}>Show {other} colours</Menu.Item>;
};

const Person = () => {
  const { person, signOut } = useAdministration();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="subtle" size="sm" aria-label={`Signed in as ${person.name}`}>
          {person.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ColorScheme />
        <Menu.Divider />
        <Menu.Item onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

/** What stands around every page of a track. */
export const Frame = () => {
  const { tenant, track, base } = usePlace();
  const { tab = '' } = useParams();
  const tracks = useTracks();
  useEffect(() => {
    document.title = `${tenant}/${track} · Corsac Control`;
  }, [tenant, track, tab]);
  return (
    <>
      <header className="frame-head">
        <Link to={`/${base}/parties/down`} className="brand">
          Corsac <span className="tenant">{tenant}</span>
        </Link>
        <div className="frame-track">
          <TrackSelector tracks={tracks} />
        </div>
        <Person />
        <nav className="tabs" aria-label="Track">
          {tabs.map(([to, title]) => (
            <NavLink key={to} to={`/${base}/${to}`}>
              {title}
            </NavLink>
          ))}
        </nav>
      </header>
      <main className="page">
        {tracks.error ? (
          <ProblemAlert error={tracks.error} />
        ) : (
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        )}
      </main>
    </>
  );
};
