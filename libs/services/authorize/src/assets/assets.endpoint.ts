import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { ConfigCache } from '@corsac/config-cache';
import { etagOf, matchesEtag, sendBody, sendNothing, sendText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { assetAt, type FoundAsset } from './asset-files.js';
import { styleSheetAt } from './style-sheet.js';

export const ASSETS = Symbol('assets');

/** The name has the content's hash in it, so that it may be kept for ever; under another hash it may not. */
const cacheOf = ({ isExact }: FoundAsset): string => (isExact ? 'public, max-age=31536000, immutable' : 'no-cache');

const send = (request: HttpRequest, found: FoundAsset | undefined): HttpAnswer => {
  if (!found) return sendText('There is nothing at this address.\n', { status: 404 });
  const { text, type } = found.asset;
  const cache = cacheOf(found);
  const headers = { etag: etagOf(text) };
  if (matchesEtag(request.headers, headers.etag)) return sendNothing({ status: 304, headers, cache });
  return sendBody(text, type, { headers, cache });
};

/** Styles and scripts of the pages: `/assets/...`. */
@Controller('assets')
export class AssetsEndpoint {
  constructor(@Inject(ASSETS) private readonly parts: { readonly config: ConfigCache }) {}

  @Get('style/:tenant/:track/:file')
  async style(@Req() request: HttpRequest): Promise<HttpAnswer> {
    const { tenant = '', track = '' } = request.params;
    const read = await this.parts.config.track(tenant, track);
    return send(request, read.ok ? styleSheetAt(read.value, request.rawPath) : undefined);
  }

  @Get(':file')
  file(@Req() request: HttpRequest): HttpAnswer {
    return send(request, assetAt(request.rawPath));
  }
}
