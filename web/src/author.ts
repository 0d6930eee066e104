/** What an author says beside the fields, in attributes that are properties, too. The attribute is the one place where it is kept. */
import { PANELS, type PanelName } from './panel.js';

/** Properties that a page or a framework may have set before the class was there. */
export const OWN = ['scenario', 'theme', 'panels', 'compact', 'readonlyPlan', 'locale'] as const;

/** On, unless absent or said to be `false`, which some frameworks write. */
export const isOn = (element: Element, name: string): boolean => (element.getAttribute(name) ?? 'false') !== 'false';

export function turn(element: Element, name: string, on: unknown): void {
  if (on === undefined || on === null || on === false || on === 'false') element.removeAttribute(name);
  else element.setAttribute(name, '');
}

export function write(element: Element, name: string, value: unknown): void {
  if (value === undefined || value === null) element.removeAttribute(name);
  else element.setAttribute(name, Array.isArray(value) ? value.join(' ') : String(value));
}

const warned = new Set<string>();

/** The panels of an element in the author's order: all where nothing is said, none in a compact one. */
export function panelsOf(element: Element): PanelName[] {
  const known = Object.keys(PANELS) as PanelName[];
  const said = element.getAttribute('panels');
  if (said === null) return isOn(element, 'compact') ? [] : known;
  const names = [...new Set(said.split(/[\s,]+/).filter(Boolean))];
  const isKnown = (name: string): name is PanelName => known.includes(name as PanelName);
  for (const name of names.filter((name) => !isKnown(name) && !warned.has(name))) {
    warned.add(name);
    console.warn(`proxy-concurrency: there is no panel “${name}”. There are: ${known.join(', ')}.`);
  }
  return names.filter(isKnown);
}

/** What is the plan's: fields that a reader does not change where the plan is the author's. */
const PLAN = `plan-tiers plan-counts cap over-limit queue-places exit-ips reduced-cap reduced-after penalty-refusals penalty-time
credential-sharing reduced-after-traffic proxy-idle-timeout`.split(/\s/);

export const isPlans = (name: string): boolean => PLAN.includes(name);
