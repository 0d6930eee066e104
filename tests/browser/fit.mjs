// Whether everything has its place.

/** What stands out of the page, or is cut off, but for what scrolls by itself. */
export const lost = (page) => page.ask((el, shadow) => {
  const body = document.body.getBoundingClientRect();
  const scrolls = (e) => e && e !== el && (['auto', 'scroll'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const name = (e) => `${e.localName}.${e.getAttribute('class') ?? ''} ${e.textContent.trim().slice(0, 30)}`;
  const all = [...shadow.querySelectorAll('*')].filter((e) => e.checkVisibility() && !e.closest('.sr, option, defs') && !scrolls(e.parentElement));
  const { scrollWidth, clientWidth } = document.documentElement;
  return {
    page: Math.max(0, scrollWidth - clientWidth),
    out: all.filter((e) => e.getBoundingClientRect().right > body.right + 1 || e.getBoundingClientRect().left < body.left - 1).map(name),
    cut: all.filter((e) => getComputedStyle(e).overflowX !== 'visible' && !['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1
      && !['INPUT', 'SELECT', 'TEXTAREA', 'svg'].includes(e.tagName)).map(name),
    // Texts of pictures that overlap or leave their picture.
    pictures: [...shadow.querySelectorAll('svg')].filter((e) => e.checkVisibility()).flatMap((svg) => [...svg.querySelectorAll('text')]
      .filter((text) => text.getBoundingClientRect().right > svg.getBoundingClientRect().right + 4 || text.getBoundingClientRect().left < svg.getBoundingClientRect().left - 4).map((e) => e.textContent)),
  };
});
export const NOTHING = { page: 0, out: [], cut: [], pictures: [] };
