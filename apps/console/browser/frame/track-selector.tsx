import { Button, Divider, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import type { Page } from '../api/control-api.js';
import { usePages, type Pages } from '../api/queries.js';
import { useMay } from '../sign-in/administrator.js';
import { CreateTrack } from './create-track.js';
import { sameInTrack, usePlace } from './place.js';

/** A track in the list of the tenant. */
export interface ListedTrack {
  readonly name: string;
  readonly display_name?: string;
}

const titleOf = ({ name, display_name }: ListedTrack): string => (display_name ? `${display_name} (${name})` : name);

interface TracksProps {
  readonly tracks: Pages<ListedTrack>;
  readonly filter: string;
  readonly current: string;
  readonly onChosen: () => void;
}

const Tracks = ({ tracks, filter, current, onChosen }: TracksProps) => {
  const { pathname } = useLocation();
  const wanted = filter.trim().toLowerCase();
  const found = tracks.items.filter((track) => titleOf(track).toLowerCase().includes(wanted));
  return (
    <nav aria-label="Tracks" className="tracks">
      {found.map((track) => (
        <Link
          key={track.name}
          to={sameInTrack(pathname, track.name)}
          aria-current={track.name === current ? 'true' : undefined}
          onClick={onChosen}
        >
          {titleOf(track)}
        </Link>
      ))}
      {found.length === 0 && (
        <Text size="sm" c="dimmed">
          No track of that name
        </Text>
      )}
      {tracks.hasMore && (
        <Button size="compact-sm" variant="default" loading={tracks.isLoadingMore} onClick={tracks.more}>
          Show more
        </Button>
      )}
    </nav>
  );
};

/** Which track is worked at; another one can be chosen or made. */
export const TrackSelector = ({ tracks }: { tracks: Pages<ListedTrack> }) => {
  const { track } = usePlace();
  const may = useMay(track);
  const [isOpen, setOpen] = useState(false);
  const [filter, setFilter] = useState('');
  const current = tracks.items.find(({ name }) => name === track) ?? { name: track };
  const close = (): void => {
    setOpen(false);
    setFilter('');
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      onClose={close}
      position="bottom-start"
      trapFocus
      width={320}
      withinPortal
    >
      <Popover.Target>
        <Button
          variant="default"
          size="sm"
          maw="100%"
          onClick={() => setOpen(!isOpen)}
          aria-label={`Track ${titleOf(current)}, choose another`}
          rightSection="▾"
        >
          {titleOf(current)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <TextInput
            aria-label="Filter tracks"
            placeholder="Filter tracks"
            data-autofocus
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          <Tracks tracks={tracks} filter={filter} current={track} onChosen={close} />
          <Divider />
          <CreateTrack onCreated={close} disabled={!may('track', 'create')} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
};

const tracksIn = (body: unknown): Page<ListedTrack> => (body as { tracks: Page<ListedTrack> }).tracks;

/** The tracks of the tenant that the administrator may read. */
export const useTracks = (): Pages<ListedTrack> => usePages('', { limit: 200 }, tracksIn);
