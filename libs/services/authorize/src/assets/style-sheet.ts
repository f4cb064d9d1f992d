import type { TrackView } from '@corsac/config-cache';
import type { LoginUpParty } from '@corsac/model';
import { hashedName, type Asset, type FoundAsset } from './asset-files.js';
import { cleanStyle } from './clean-style.js';

const type = 'text/css; charset=utf-8';

/** An up-party's own style sheet under an address that changes with it; undefined when it has none. */
export const styleSheetOf = (view: TrackView, party: LoginUpParty): Asset | undefined =>
  view.memo(`style-sheet/${party.name}`, () => {
    const text = cleanStyle(party.css ?? '');
    if (text === '') return undefined;
    const { tenant, track } = view;
    return { href: `/assets/style/${tenant}/${track}/${hashedName(`${party.name}.css`, text)}`, text, type };
  });

/** The style sheet at a path; the present one also where a replica that knows another made the address. */
export const styleSheetAt = (view: TrackView, path: string): FoundAsset | undefined => {
  const name = path.slice(path.lastIndexOf('/') + 1).split('.')[0] ?? '';
  const party = view.upParty(name);
  const asset = party?.type === 'login' ? styleSheetOf(view, party) : undefined;
  return asset && { asset, isExact: asset.href === path };
};
