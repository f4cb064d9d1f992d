import { create } from 'qrcode';
import { markup, type Html } from '../html.js';

/** Empty modules around the code (ISO 18004). */
const margin = 4;

/** A text as a QR code: inline SVG of one path, without style or script. */
export const qrCode = (text: string, label: string): Html => {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const rows = Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => (modules.get(y, x) ? `M${x + margin} ${y + margin}h1v1h-1z` : '')).join(''),
  ).join('');
  const side = size + 2 * margin;
  return markup`<svg class="picture" role="img" aria-label="${label}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges" xmlns="http://www.w3.org/2000/svg"><path fill="#000" d="${rows}"/></svg>`;
};
