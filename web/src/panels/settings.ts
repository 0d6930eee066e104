/** What the settings of a client let through to the proxy. */
import type { PanelInput } from '../panel.js';
import type { Client } from '../types.js';

export function settings({ lit: { nothing } }: PanelInput, _client: Client, _cap: number): unknown {
  return nothing;
}
