/** Copies the text of an element; where that is refused, selects it for the reader's own hand. Whether it was copied. */
export async function copyText(source: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    return true;
  } catch {
    getSelection()?.setBaseAndExtent(source, 0, source, source.childNodes.length);
    return false;
  }
}
