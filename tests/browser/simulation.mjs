// The simulated part of "When exceeded", as the suites use it.
const AT = `document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated')`;

/** Scrolls to what is simulated, where it is shown, and waits until it has ended: only what somebody can see runs. */
export async function simulated(page, state = 'ended') {
  // Each time anew: what comes late above it would push it out of sight.
  const seen = `(${AT}?.scrollIntoView(), ${AT}?.dataset.state)`;
  await page.until(`${seen} === '${state}'`, `a simulation that is ${state}`);
  await page.settle();
}

/** From now on, what is asked of Workers and what these tell is kept in the page: `workers`, `asked` and `told`. */
export const listen = (page) => page.ask(() => {
  Object.assign(window, { workers: 0, asked: [], told: [] });
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      window.workers += 1;
      this.addEventListener('message', ({ data }) => window.told.push(data));
    }
    postMessage(message) {
      window.asked.push(message);
      super.postMessage(message);
    }
  };
});

/** The part as it reads. */
export const seen = (page) => page.ask((el, shadow) => {
  const part = shadow.querySelector('#simulated');
  const text = (selector) => part.querySelector(selector)?.textContent.trim() ?? null;
  return {
    state: part.dataset.state, status: text('.progress .hint'), button: text('.progress button'), effect: text('[data-effect]'),
    rows: Object.fromEntries([...part.querySelectorAll('[data-quantity]')].map((row) => [row.dataset.quantity, [row.dataset.verdict, ...[...row.cells].slice(1, 3).map((cell) => cell.innerText.trim())]])),
    why: part.querySelector('[data-why]')?.dataset.why ?? null,
    areas: [...part.querySelectorAll('.area')].map((path) => [path.getAttribute('class').replace('area ', ''), path.getAttribute('d')]),
    curves: [...part.querySelectorAll('.curve')].map((path) => path.getAttribute('d')),
    said: [...part.querySelectorAll('svg[role=img]')].map((svg) => svg.getAttribute('aria-label')),
    height: part.getBoundingClientRect().height, stale: !!part.querySelector(':scope > [data-stale]'),
    errors: Object.fromEntries([...part.querySelectorAll('[data-error]')].map((e) => [e.dataset.error, e.textContent.trim()]).filter(([, said]) => said)),
  };
});
