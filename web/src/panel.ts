/** What every panel is given. A panel is a file of `panels/`, loaded when it is first shown. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Format } from './format.js';
import { NEEDED } from './messages.js';
import type { Report } from './types.js';

export interface PanelInput {
  /** What a panel draws with. Did it import them, Lit would become a file of its own: a fourth request before the answer. */
  lit: { html: typeof html; svg: typeof svg; nothing: typeof nothing };
  needed: typeof NEEDED;
  report: Report;
  format: Format;
  /** Width in CSS pixels that the panel has. */
  width: number;
}

export const panelInput = (report: Report, format: Format, width: number): PanelInput =>
  ({ lit: { html, svg, nothing }, needed: NEEDED, report, format, width });

export interface Panel {
  render(input: PanelInput): TemplateResult;
}

export const PANELS: Record<string, { label: string; load: () => Promise<Panel> }> = {
  'response-time': { label: 'Response time', load: () => import('./panels/response-time.js') },
  protocol: { label: 'HTTP/1.1 vs HTTP/2', load: () => import('./panels/protocol.js') },
};
