/** All of a widget as a template: inputs, answer, what is compared, details, and the tools below. */
import { html, noChange, nothing, type TemplateResult } from 'lit/html.js';
import answerWords from 'words:answer';
import { answer } from './answer.js';
import { form, given, isMain, row, shortForm, type FormInput } from './form.js';
import { LIT, type Fields } from './panel.js';
import { placeOf } from './place.js';
import { kebab, textsOf } from './state.js';
import type { Widget } from './widget.js';
import { localeOf } from './words.js';

export function view(widget: Widget): TemplateResult {
  const { case: c, details, engine, errors, failed, following, mended, more, preset, speaking, text, tools, width, el: { compact } } = widget;
  const { words, units, say, language, format } = c.voice;
  const { good } = c;
  const place = placeOf(compact, details.names[0], engine ? language.tag : localeOf(widget.el));
  if (!engine) {
    return failed
      ? html`<slot></slot><p class="placeholder" role="status">${text.unavailable}</p>`
      : html`<div class=${place}><slot></slot></div>`;
  }
  // Not before there is something to read: a browser's first number takes it long.
  const { decimalMark } = c.voice;
  const pad = width <= 440 ? 14 : 22;
  widget.open ||= [...errors.keys()].some((name) => !isMain(name) && engine.fields.some((field) => kebab(field.name) === name));
  const input: FormInput = {
    fields: c.fields, labels: speaking.labels, help: speaking.help, words, units, say, texts: c.texts, errors, taken: c.asked as Record<string, unknown>,
    decimalMark, fixed: preset.fixed, onText: widget.onText, onCompare: details.to('protocol'),
  };
  const fields: Fields = {
    lit: LIT, words, say, texts: c.texts, errors, fixed: preset.fixed, row: (name, own) => row(name, { ...input, ...own }),
  };
  return html`<div class="card ${place} ${widget.dark ? 'dark' : 'light'}" part="base" lang=${language.tag} dir=${text.direction}>
      <div class="main">
        ${compact ? shortForm(input, mended) : form(input, following && !widget.open ? noChange : more?.render(fields), widget.open, widget.onMore)}
        ${good
          ? answer({
              report: good, format, words, units, say, width: (width >= 620 ? width - 300 : width) - 2 * pad - 3, stale: c.refused.size > 0, compact,
              onExceeded: details.to('when-exceeded'),
            })
          : html`<p class="answer">${text.nothing}</p>`}
      </div>
      ${good ? tools?.comparison({
        counted: (by) => words('answer', answerWords).counted[by],
        label: ({ name }) => input.labels[kebab(name)]?.label ?? name,
        said: (field, scenario) => given(field, kebab(field.name), { ...input, texts: textsOf([field], scenario, decimalMark) }),
      }) : nothing}
      ${good && details.shown ? details.render(good, details.shown, width - 2 * pad - 2, fields) : nothing}
      ${tools ? html`<footer part="footer">${tools.footer(compact)}</footer>` : nothing}
      <output class="sr" aria-live="polite">${c.said}</output>
    </div>`;
}
