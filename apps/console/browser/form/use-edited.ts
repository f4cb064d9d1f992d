import { useEffect, useRef, useState } from 'react';
import type { Tagged } from '../api/control-api.js';
import { isSame, type Json } from './schema.js';

interface Start {
  readonly value: Json;
  readonly etag?: string;
}

export interface Edited {
  readonly value: Json;
  /** The tag of what the changes began with. */
  readonly etag?: string;
  readonly isChanged: boolean;
  readonly change: (value: Json) => void;
  /** Begins anew with what was read or saved. */
  readonly begin: (seen: Tagged<Json>) => void;
}

/**
 * A thing while it is edited. What is read again meanwhile takes its place only where nobody has changed anything, or where it differs
 * in nothing that is edited here.
 * @param shown the part of it that is edited
 */
export const useEdited = (seen: Tagged<Json>, shown: (body: Json) => Json): Edited => {
  const [start, setStart] = useState<Start>(() => ({ value: shown(seen.body), etag: seen.etag }));
  const [value, setValue] = useState<Json>(start.value);
  const latest = useRef({ start, value });
  latest.current = { start, value };
  const begin = ({ body, etag }: Tagged<Json>): void => {
    const fresh = shown(body);
    setStart({ value: fresh, etag });
    setValue(fresh);
  };
  useEffect(() => {
    const { start: before, value: now } = latest.current;
    const fresh = shown(seen.body);
    if (isSame(fresh, before.value)) setStart({ value: before.value, etag: seen.etag });
    else if (isSame(now, before.value)) {
      setStart({ value: fresh, etag: seen.etag });
      setValue(fresh);
    }
    // The function is the same in all that counts.
  }, [seen]);
  return { value, etag: start.etag, isChanged: !isSame(value, start.value), change: setValue, begin };
};
