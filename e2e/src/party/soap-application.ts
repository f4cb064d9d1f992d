import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { strangerCertificate } from '../exchange/stranger-keys.js';
import { signXml } from '../exchange/strangers.js';

const status = (code: string): string => `urn:oasis:names:tc:SAML:2.0:status:${code}`;
const envelope = (xml: string): string =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${xml}</soap:Body></soap:Envelope>`;
const now = (): string => new Date(Date.now()).toISOString();
const attribute = (xml: string, name: string): string => new RegExp(`\\s${name}="([^"]*)"`).exec(xml)?.[1] ?? '';

/** A message of the application, signed by its key. */
const message = (name: string, attributes: string, issuer: string, content: string): string =>
  signXml(
    `<samlp:${name} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" Version="2.0" IssueInstant="${now()}" ${attributes}><saml:Issuer>${issuer}</saml:Issuer>${content}</samlp:${name}>`,
  );

/** A SAML application that speaks SOAP: it is told of logouts, and says that its users have left. */
export class SoapApplication {
  /** Session indexes of the LogoutRequests that came. */
  readonly toldOf: string[] = [];
  /** Where it is, once it is prepared. */
  address = '';
  private server: Server | undefined;

  constructor(
    readonly name: string,
    readonly entity_id: string,
  ) {}

  get acs(): string {
    return `${this.address}/acs`;
  }

  /** Opens it at a free port; @returns an entry of `down_parties` */
  async prepare(): Promise<object> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('content-type', 'text/xml');
        response.end(this.answer(Buffer.concat(chunks).toString()));
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return {
      type: 'saml2',
      name: this.name,
      issuer: this.entity_id,
      acs_urls: [this.acs],
      single_logout_soap_url: `${this.address}/soap`,
      authn_response_sign_type: 'sign_assertion',
      keys: [strangerCertificate],
    };
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  private answer(asked: string): string {
    this.toldOf.push(/<samlp:SessionIndex>([^<]*)</.exec(asked)?.[1] ?? '');
    const request = /<samlp:LogoutRequest[^>]*>/.exec(asked)?.[0] ?? '';
    const success = `<samlp:Status><samlp:StatusCode Value="${status('Success')}"/></samlp:Status>`;
    return envelope(message('LogoutResponse', `InResponseTo="${attribute(request, 'ID')}"`, this.entity_id, success));
  }

  /** Says over SOAP that a user has left. @returns the status codes of the answer, the outer one first */
  async leave(url: string, user: { nameID: string; nameIDFormat: string; sessionIndex: string }): Promise<string[]> {
    const { nameID, nameIDFormat, sessionIndex } = user;
    const who = `<saml:NameID Format="${nameIDFormat}">${nameID}</saml:NameID><samlp:SessionIndex>${sessionIndex}</samlp:SessionIndex>`;
    const body = envelope(message('LogoutRequest', `Destination="${url}"`, this.entity_id, who));
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'text/xml; charset=utf-8' } });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${text}`);
    return [...text.matchAll(/<samlp:StatusCode Value="([^"]*)"/g)].map(([, code = '']) => code);
  }
}
