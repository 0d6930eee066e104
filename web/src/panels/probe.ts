/** Which behaviour the reader's provider has: what to send, and what the answers say. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:probe';
import { probeDesign, probeReading } from '../advice.js';
import { copyButton, own, type Local } from '../local.js';
import type { PanelInput } from '../panel.js';
import type { OverLimit, ProbeDesign, Reading, Verdict } from '../types.js';

export { ready } from '../advice.js';

/** What the form calls the behaviour of a verdict. */
const OVER: Partial<Record<Verdict, OverLimit>> = {
  reject: 'reject', 'bounded-queue': 'queue', 'queue-then-reject': 'queue', queue: 'queue', 'per-ip': 'per-ip', penalty: 'penalty', tarpit: 'reject',
};

/** Most pasted lines that are shown again. */
const MOST_LINES = 400;

interface Probe {
  design?: Local;
  reading?: Local;
}

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, words, say, report: { sizing }, scenario, format: f } = input;
  const said = words('probe', english);
  const local = input.local as Probe;
  const [designed, pasted] = [(local.design ??= {}), (local.reading ??= {})];
  const cap = Math.max(1, scenario.cap ?? sizing.plan ?? sizing.required);
  const design = own(input, designed, said.fields, [
    { name: 'cap', kind: 'number', placeholder: String(cap) },
    { name: 'requests', kind: 'number' },
    { name: 'tunnel', kind: 'choice', options: ['true', 'false'] },
    { name: 'detectQueue', kind: 'choice', options: ['false', 'true'] },
    ...(pastedTunnel() ? [] : [{ name: 'responseTime', kind: 'number' as const }]),
  ]);
  const reading = own(input, pasted, said.fields, [
    { name: 'text', kind: 'lines', placeholder: '200 1.01\n200 1.02\n503 0.01' },
  ]);
  const asked: Record<string, unknown> = {
    cap: design.number('cap') ?? cap, tunnel: pastedTunnel(), detectQueue: design.text('detectQueue') === 'true',
  };
  for (const name of ['requests', ...(pastedTunnel() ? [] : ['responseTime'])]) {
    const given = design.number(name);
    if (given !== undefined) asked[name] = given;
  }
  const plan = design.ask<ProbeDesign>(probeDesign as never, asked);
  // As it is, blank lines too: the answer names lines by their numbers.
  const text = pasted.texts?.['text'] ?? '';
  const read = text.trim() === '' ? undefined : reading.ask<Reading>(probeReading as never, { text });
  return html`<h3>${said.send}</h3>
    <form class="own" aria-label=${said.send} autocomplete="off" @submit=${stay}><div class="fields narrow">${design.rows()}</div></form>
    ${plan ? html`<div ?data-stale=${design.wrong}>${sending(plan)}</div>` : nothing}
    <h3 class="next-part">${said.back}</h3>
    <form class="own" aria-label=${said.back} autocomplete="off" @submit=${stay}><div class="fields paste">${reading.rows()}</div></form>
    ${read ? html`<div ?data-stale=${reading.wrong}>${verdict(read, text)}</div>` : nothing}`;

  function pastedTunnel(): boolean {
    return designed.texts?.['tunnel'] !== 'false';
  }

  function sending(d: ProbeDesign): TemplateResult {
    return html`<p class="verdict">${say(said.plan, { count: d.requests, open: f.exact(d.mostOpen), time: f.time(d.duration) })}</p>
      <table part="table" class="phases"><thead><tr>${Object.values(said.columns).map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>${d.phases.map(({ kind, requests, atOnce, hold }) => html`<tr><th scope="row">${said.phases[kind].name} <span class="tag">${said.phases[kind].why}</span></th>
          <td>${f.exact(requests)}</td><td>${f.exact(atOnce)}</td><td>${hold === 0 ? '–' : f.time(hold)}</td></tr>`)}</tbody></table>
      <p class="assumptions">${say(said.pace, { stagger: f.time(d.stagger), timeout: f.time(d.timeout) })}</p>
      ${d.cautions.map((caution) => html`<p class="note">${said.cautions[caution]}</p>`)}
      ${design.wrong ? '' : command(d)}`;
  }

  function command({ requests }: ProbeDesign): TemplateResult {
    const way = pastedTunnel() ? '--url https://example.com/' : `--url http://example.com/ --response-time ${String(asked['responseTime'] ?? 1)}`;
    const line = `cargo run -p proxy-concurrency --example probe -- --proxy http://user:password@proxy.example:8080 ${way} --cap ${String(asked['cap'])}${
      asked['detectQueue'] ? ' --detect-queue' : ''} --send ${requests}`;
    return html`<figure class="file"><figcaption>${said.program}</figcaption>
      <pre class="command" tabindex="0" role="region" aria-label=${said.command}><code id="command">${line}</code></pre></figure>
      <p class="below">${said.fillIn} ${copyButton(input, designed, 'command', said.theCommand)}</p>`;
  }

  function verdict(r: Reading, text: string): TemplateResult {
    const { limit } = r;
    const { rows: labels } = said;
    const over = OVER[r.verdict];
    const refusal = r.status !== null ? f.exact(r.status) : r.failure !== null ? said.failures[r.failure] : null;
    const rows: readonly (readonly [string, string] | false)[] = [
      limit !== null && [r.verdict === 'rate-limit' ? labels.starts : labels.limit, bounded(limit)],
      r.window !== null && [labels.within, f.time(r.window)],
      [labels.atOnce, f.exact(r.atOnce)],
      refusal !== null && [labels.refusal, refusal],
      r.refusedAfter !== null && [labels.after, f.time(r.refusedAfter)],
      r.waiting !== null && [labels.waited, f.exact(r.waiting)],
      r.hold !== null && [labels.took, f.time(r.hold)],
      r.idleCounts !== null && [labels.idleCounts, r.idleCounts ? said.yes : said.no],
      r.chance !== null && [labels.chance, f.share(r.chance)],
      [labels.read, f.exact(r.read)],
    ];
    return html`<p class="headline" data-say><strong data-verdict=${r.verdict}>${said.verdicts[r.verdict].name}</strong> <span>${said.confidence[r.confidence]}</span></p>
      <p class="said">${said.verdicts[r.verdict].says}</p>
      <div class="halves"><div><table part="table"><tbody>${rows.filter((row) => row !== false).map(([label, cell]) => html`<tr><th scope="row">${label}</th><td>${cell}</td></tr>`)}</tbody></table>
        ${over && !input.fixed('over-limit') ? html`<p class="below"><button type="button" class="link" @click=${() => take(r, over)}>${said.take}</button></p>` : nothing}</div>
      <div>${r.alternatives.length > 0 ? html`<h3>${said.alternatives}</h3><ul>${r.alternatives.map((other) => html`<li>${say(said.alternative, said.verdicts[other])}</li>`)}</ul>` : nothing}
        ${r.next.length > 0 ? html`<h3>${said.next}</h3><ul>${r.next.map((next) => html`<li>${said.steps[next]}</li>`)}</ul>` : nothing}</div></div>
      ${lines(r, text)}`;
  }

  /** `1–3, 7` */
  function ranges(numbers: readonly number[]): string {
    const parts: [number, number][] = [];
    for (const n of numbers) {
      const last = parts.at(-1);
      if (last && n <= last[1] + 1) last[1] = n;
      else parts.push([n, n]);
    }
    const shown = parts.slice(0, 12).map(([from, to]) => (from === to ? f.exact(from) : `${f.exact(from)}–${f.exact(to)}`));
    return f.list(parts.length > 12 ? [...shown, '…'] : shown);
  }

  function bounded({ estimate, low, high }: NonNullable<Reading['limit']>): string {
    if (low === high) return f.exact(estimate);
    const known = { limit: f.exact(estimate), low: f.exact(low) };
    return high === null ? say(said.limitAtLeast, known) : say(said.limitBetween, { ...known, high: f.exact(high) });
  }

  function take({ limit }: Reading, over: OverLimit): void {
    input.set('over-limit', over);
    if (limit) input.set('cap', String(limit.estimate));
  }

  function lines({ lines: saying, unread }: Reading, text: string): unknown {
    const [marked, missed] = [new Set(saying), new Set(unread)];
    const all = text.split(/\r\n|\n/);
    // Which of many lines are shown: those that say so and what could not be read come first.
    const shown = all.length <= MOST_LINES ? all.map((_, i) => i + 1) : [...saying, ...unread].slice(0, MOST_LINES).sort((a, b) => a - b);
    return html`<h3>${saying.length > 0 ? say(said.linesSay, { lines: ranges(saying) }) : said.noLineSays}</h3>
      ${unread.length > 0 ? html`<p class="assumptions">${say(said.notRead, { count: unread.length, lines: ranges(unread) })}</p>` : nothing}
      <ol class="pasted" tabindex="0" aria-label=${said.pasted}>${shown.map((n) => html`<li value=${n} class=${missed.has(n) ? 'missed' : ''}>${marked.has(n)
        ? html`<mark>${shortened(all[n - 1] ?? '')}</mark>` : shortened(all[n - 1] ?? '')}</li>`)}</ol>`;
  }
}

const stay = (event: Event): void => event.preventDefault();

const shortened = (line: string): string => (line.length > 200 ? `${line.slice(0, 200)}…` : line);
