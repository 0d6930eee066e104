/** Light or dark, as the page is around an element; and when that may have changed. One observer for all elements of a page. */

/** What sites switch, on `html` or `body`. */
const SWITCHES = ['class', 'style', 'theme', 'data-theme', 'data-md-color-scheme', 'data-bs-theme', 'data-color-mode', 'data-mode'];

const watching = new Set<() => void>();
const look = (): void => watching.forEach((changed) => changed());
let observer: MutationObserver | undefined;

/** Calls when the page may have become light or dark, until the function that it returns is called. */
export function watchTheme(changed: () => void): () => void {
  watching.add(changed);
  if (!observer) {
    observer = new MutationObserver(look);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look);
    // Of a colour that fades over, the first look saw the old one.
    addEventListener('transitionend', ({ propertyName }) => propertyName === 'color' && look());
  }
  // Some sites put another body in place: each newcomer has the one that is there now observed.
  for (const root of [document.documentElement, document.body]) observer.observe(root, { attributeFilter: SWITCHES });
  return () => watching.delete(changed);
}

/**
 * `color-scheme` decides where it names one. Else it is the inherited text: sites that set no scheme, or both, set their colours
 * all the same, and what is written in a light colour stands on a dark ground.
 */
export function isDark(element: Element): boolean {
  const { colorScheme, color } = getComputedStyle(element);
  const said = colorScheme.split(' ').filter((word) => word === 'light' || word === 'dark');
  return said.length === 1 ? said[0] === 'dark' : lightness(color) > 0.5;
}

/** Of a computed colour, 0 to 1: `rgb(…)`, `color(srgb …)`, and the perceptual ones, which begin with it. */
function lightness(color: string): number {
  const [r = 0, g = r, b = r] = (color.match(/(?<![-\w.])[\d.]+/g) ?? []).map(Number);
  if (/^ok/.test(color)) return r;
  if (/^l/.test(color)) return r / 100;
  return (0.3 * r + 0.59 * g + 0.11 * b) / (color.startsWith('rgb') ? 255 : 1);
}
