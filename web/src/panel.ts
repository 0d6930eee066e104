/** What every panel is given. A panel is a file of `panels/`, loaded when it is first shown. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Format } from './format.js';
import { NEEDED } from './messages.js';
import type { Report, Scenario } from './types.js';

export interface PanelInput {
  /** What a panel draws with. Did it import them, Lit would become a file of its own: a fourth request before the answer. */
  lit: { html: typeof html; svg: typeof svg; nothing: typeof nothing };
  needed: typeof NEEDED;
  scenario: Scenario;
  report: Report;
  format: Format;
  /** Width in CSS pixels that the panel has. */
  width: number;
}

export const panelInput = (scenario: Scenario, report: Report, format: Format, width: number): PanelInput =>
  ({ lit: { html, svg, nothing }, needed: NEEDED, scenario, report, format, width });

export interface Panel {
  /** What the panel loads for itself. */
  ready?: Promise<unknown>;
  render(input: PanelInput): TemplateResult;
}

export const PANELS: Record<string, { label: string; load: () => Promise<Panel> }> = {
  'response-time': { label: 'Response time', load: () => import('./panels/response-time.js') },
  protocol: { label: 'HTTP/1.1 vs HTTP/2', load: () => import('./panels/protocol.js') },
  'when-exceeded': { label: 'When exceeded', load: () => import('./panels/when-exceeded.js') },
};
