import type { Application } from './application.js';

/** A logo that needs no other address. */
const logo = (colour: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="${colour}"/></svg>`,
  ).toString('base64')}`;

const names = [
  'Acme employees',
  'Municipality of Copenhagen, Department of Finance and Administration',
  'Partner',
  'Nordic Bank',
  'University Library',
  'Hospital North',
  'Hospital South',
  'Tax Office',
  'Road Authority',
  'Harbour',
  'Weather Service',
  'Museum',
  'Fire Brigade',
];

/** A track of tenant `realms` whose users choose among its own login and `others` links, each with a logo. */
const trackOf = (name: string, others: number, { base }: Application): string => `
      - name: ${name}
        up_parties:
          - { name: login, type: login, title: Acme }
${names
  .slice(0, others)
  .map(
    (label, index) =>
      `          - { name: way-${index}, type: track_link, to_down_track_name: far, to_down_party_name: end-${index}, hrd_display_name: '${label}', hrd_logo_url: '${logo(`hsl(${index * 27} 60% 45%)`)}' }`,
  )
  .join('\n')}
        down_parties:
          - name: portal
            type: oidc
            display_name: Portal
            allow_up_parties: [login${names
              .slice(0, others)
              .map((_label, index) => `, way-${index}`)
              .join('')}]
            redirect_uris: ['${base}/callback']
            token_endpoint_auth_method: none`;

/** Tracks with three and with fourteen up-parties to choose among. */
export const homeRealmTracks = (portal: Application): string => `
tenants:
  - name: realms
    tracks:${trackOf('three', 2, portal)}${trackOf('fourteen', 13, portal)}
`;
