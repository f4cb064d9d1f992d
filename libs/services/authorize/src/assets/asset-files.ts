import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files beside this one that browsers may have, by name. */
const types = {
  'sign-in.css': 'text/css; charset=utf-8',
  'auto-post.js': 'text/javascript; charset=utf-8',
  'logout.js': 'text/javascript; charset=utf-8',
  'once.js': 'text/javascript; charset=utf-8',
} as const;
export type AssetName = keyof typeof types;

export interface Asset {
  /** Path with the content's hash in it: what is kept under it for ever never changes. */
  readonly href: string;
  readonly text: string;
  readonly type: string;
}

const hashOf = (text: string): string => hash('sha256', text, 'base64url').slice(0, 16);

/** `sign-in.css` becomes `/assets/sign-in.<hash>.css`. */
export const hashedName = (name: string, text: string): string => {
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)}.${hashOf(text)}${name.slice(dot)}`;
};

const load = (name: AssetName): Asset => {
  const text = readFileSync(join(__dirname, name), 'utf8');
  return { href: `/assets/${hashedName(name, text)}`, text, type: types[name] };
};

const assets: Readonly<Record<AssetName, Asset>> = {
  'sign-in.css': load('sign-in.css'),
  'auto-post.js': load('auto-post.js'),
  'logout.js': load('logout.js'),
  'once.js': load('once.js'),
};

/** Where a page finds a file of ours. */
export const assetHref = (name: AssetName): string => assets[name].href;

/** What was asked for, and whether it is exactly that: only then it may be kept. */
export interface FoundAsset {
  readonly asset: Asset;
  readonly isExact: boolean;
}

const hashed = /^\/assets\/([a-z-]+)\.[\w-]{16}\.(css|js)$/;

/**
 * The file at a path, or nothing. Under another hash it is the present one: while replicas of two releases run, a page of
 * the one is styled by the other.
 */
export const assetAt = (path: string): FoundAsset | undefined => {
  const [, name, ending] = hashed.exec(path) ?? [];
  const file = `${name}.${ending}`;
  if (!Object.hasOwn(assets, file)) return undefined;
  const asset = assets[file as AssetName];
  return { asset, isExact: asset.href === path };
};
