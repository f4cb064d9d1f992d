import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Made by the program that comes with the module: key, certificate and metadata of a service provider. */
export interface MellonFiles {
  readonly key: string;
  readonly certificate: string;
  readonly metadata: string;
}

export const mellonProgram = '/usr/sbin/mellon_create_metadata';

/** Makes the files of a service provider in a folder. */
export const createMellonMetadata = async (
  folder: string,
  entityId: string,
  endpoint: string,
): Promise<MellonFiles> => {
  await promisify(execFile)(mellonProgram, [entityId, endpoint], { cwd: folder });
  const names = await readdir(folder);
  const ending = (suffix: string): string => join(folder, names.find((name) => name.endsWith(suffix)) ?? '');
  return { key: ending('.key'), certificate: ending('.cert'), metadata: ending('.xml') };
};

/** What an administrator reads out of the metadata to make the application known. */
export interface SpMetadata {
  readonly entity_id: string;
  readonly acs: string;
  readonly slo: string;
  readonly certificate: string;
}

export const readSpMetadata = async (file: string): Promise<SpMetadata> => {
  const xml = await readFile(file, 'utf8');
  const locationOf = (service: string, binding: string): string =>
    new RegExp(`<${service}[^>]*Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}"[^>]*Location="([^"]*)"`).exec(
      xml,
    )?.[1] ?? '';
  return {
    entity_id: /entityID="([^"]*)"/.exec(xml)?.[1] ?? '',
    acs: locationOf('AssertionConsumerService', 'HTTP-POST'),
    slo: locationOf('SingleLogoutService', 'HTTP-Redirect'),
    certificate: (/<ds:X509Certificate>([^<]*)</.exec(xml)?.[1] ?? '').replace(/\s/g, ''),
  };
};
