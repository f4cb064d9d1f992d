import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { ConfigCache } from '@corsac/config-cache';
import { etagOf, matchesEtag, sendBody, sendNothing, sendText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { assetAt, type Asset } from './asset-files.js';
import { styleSheetAt } from './style-sheet.js';

export const ASSETS = Symbol('assets');

/** The name has the content's hash in it, so that it may be kept for ever. */
const cache = 'public, max-age=31536000, immutable';

const send = (request: HttpRequest, asset: Asset | undefined): HttpAnswer => {
  if (!asset) return sendText('There is nothing at this address.\n', { status: 404 });
  const headers = { etag: etagOf(asset.text) };
  if (matchesEtag(request.headers, headers.etag)) return sendNothing({ status: 304, headers, cache });
  return sendBody(asset.text, asset.type, { headers, cache });
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
