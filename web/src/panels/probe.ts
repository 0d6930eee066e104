/** Which behaviour the reader's provider has: what to send, and what the answers say. */
import type { TemplateResult } from 'lit/html.js';
import { probeDesign, probeReading } from '../advice.js';
import { copyButton, own, type Local } from '../local.js';
import type { PanelInput } from '../panel.js';
import type { Caution, Confidence, Failure, Next, OverLimit, PhaseKind, ProbeDesign, Reading, Verdict } from '../types.js';

export { ready } from '../advice.js';

interface VerdictWords {
  name: string;
  says: string;
  /** The form's own word for it. */
  over?: OverLimit;
}

const VERDICTS: Record<Verdict, VerdictWords> = {
  headroom: { name: 'Room to spare', says: 'All that was sent was served at once: the limit, if there is one, lies above.' },
  reject: { name: 'It refuses', says: 'What goes over the limit is refused at once, or never answered.', over: 'reject' },
  'bounded-queue': { name: 'A short queue, then it refuses', says: 'So many may wait; what goes beyond is refused at once.', over: 'queue' },
  'queue-then-reject': { name: 'It queues, then refuses', says: 'What goes over waits, and is refused when it has waited too long.', over: 'queue' },
  queue: { name: 'It queues', says: 'What goes over waits for its turn.', over: 'queue' },
  'per-ip': { name: 'A limit for each IP', says: 'Each address has a limit of its own.', over: 'per-ip' },
  penalty: { name: 'It blocks for a while', says: 'After refusals everything is refused for a time.', over: 'penalty' },
  'rate-limit': { name: 'A rate limit', says: 'Starts are counted over a time, not requests at once: more connections do not help, slower sending does.' },
  tarpit: { name: 'A tarpit', says: 'What goes over is refused, and the refusal is held back.', over: 'reject' },
  bandwidth: { name: 'Slow, not limited', says: 'Everything is let through at once and then comes slowly: a shared bandwidth, or a target that slows down.' },
  'target-error': { name: 'The target fails', says: 'The target gave the errors, or could not be reached through the proxy: they say nothing about the plan.' },
  'slow-target': { name: 'A slow target', says: 'The target itself is slower under load.' },
  authentication: { name: 'Not let in', says: 'The proxy does not take the credentials.' },
  unreachable: { name: 'Not reached', says: 'The proxy itself could not be reached.' },
  'not-enough': { name: 'Not enough to tell', says: 'The lines do not say.' },
};

const CONFIDENCE: Record<Confidence, string> = {
  weak: 'a guess: chance, or something else, fits as well',
  fair: 'fairly sure',
  strong: 'sure',
};

const FAILURES: Record<Failure, string> = {
  reset: 'reset', closed: 'closed without an answer', 'timed-out': 'never answered', refused: 'connection refused',
  unresolved: 'name not found', tls: 'TLS failed', other: 'failed',
};

const NEXT: Record<Next, string> = {
  'send-more': 'Send more at once: more than the plan is believed to hold.',
  'send-one-alone': 'Send one alone, with nothing else open.',
  stagger: 'Start them some 20 ms apart: a proxy that counts connections may refuse all of a burst.',
  'record-starts': 'Record when each request started, as a column “start”.',
  'time-connect': 'Go through CONNECT (an https:// target) and record when the proxy answered it, as a column “connect”.',
  'send-unheld': 'Send the same number one after another, without holding them.',
  'send-after': 'When all have ended, wait and send a few more.',
  'hold-shorter': 'Hold the requests for a shorter time than the refusals took.',
  'hold-longer': 'Hold the requests longer, so that all are open together.',
  'longer-timeout': 'Wait longer before giving up.',
  'record-ip': 'Go by several addresses or credentials and record which, as a column “ip”.',
  'other-target': 'Try another target.',
  'check-credentials': 'Check user name and password.',
  'check-address': 'Check the proxy’s address and port.',
  'give-lines': 'Paste one line for each request, not a summary.',
};

const PHASES: Record<PhaseKind, readonly [string, string]> = {
  alone: ['One alone', 'are proxy, credentials and target right?'],
  unheld: ['Fast, not held', 'only a rate limit refuses here'],
  burst: ['All held at once', 'more than the cap'],
  after: ['Fast again, not held', 'only a block refuses here'],
  idle: ['Left open idle', 'do idle connections count?'],
};

const CAUTIONS: Record<Caution, string> = {
  'below-cap': 'So few requests do not exceed the cap: only room to spare can be seen.',
  'no-rate-check': 'Too few requests to tell a rate limit from a limit on what is open.',
  'no-penalty-check': 'Too few requests to see a block after refusals.',
  'hold-too-short': 'The target answers too soon for all to be open together: use a tunnel, or a slower target.',
  'may-be-punished': '25 or more may be refused, and some providers block an address for that: ask first, or send fewer.',
};

/** Most pasted lines that are shown again. */
const MOST_LINES = 400;

interface Probe {
  design?: Local;
  reading?: Local;
}

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, report: { sizing }, scenario, format: f } = input;
  const local = input.local as Probe;
  const [designed, pasted] = [(local.design ??= {}), (local.reading ??= {})];
  const cap = Math.max(1, scenario.cap ?? sizing.plan ?? sizing.required);
  const design = own(input, designed, [
    { name: 'cap', label: 'The plan’s cap', hint: 'believed', kind: 'number', placeholder: String(cap) },
    { name: 'requests', label: 'Send at most', hint: 'optional', kind: 'number' },
    { name: 'tunnel', label: 'Goes by', kind: 'choice', options: [['true', 'CONNECT (https://)'], ['false', 'plain http://']] },
    { name: 'detectQueue', label: 'Look for a queue’s end', kind: 'choice', options: [['false', 'no'], ['true', 'yes: as many again']] },
    ...(pastedTunnel() ? [] : [{ name: 'responseTime', label: 'The target answers in', hint: 'seconds', kind: 'number' as const }]),
  ]);
  const reading = own(input, pasted, [
    { name: 'text', label: 'Status and seconds, a line each', hint: 'stay on this page', kind: 'lines', placeholder: '200 1.01\n200 1.02\n503 0.01' },
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
  return html`<h3>What to send</h3>
    <form class="own" aria-label="What to send" autocomplete="off" @submit=${stay}><div class="fields narrow">${design.rows()}</div></form>
    ${plan ? html`<div ?data-stale=${design.wrong}>${sending(plan)}</div>` : nothing}
    <h3 class="next-part">What came back</h3>
    <form class="own" aria-label="What came back" autocomplete="off" @submit=${stay}><div class="fields paste">${reading.rows()}</div></form>
    ${read ? html`<div ?data-stale=${reading.wrong}>${verdict(read, text)}</div>` : nothing}`;

  function pastedTunnel(): boolean {
    return designed.texts?.['tunnel'] !== 'false';
  }

  function sending(d: ProbeDesign): TemplateResult {
    return html`<p class="verdict"><strong>${f.exact(d.requests)} requests</strong>, at most ${f.exact(d.mostOpen)} open at once, in about ${f.time(d.duration)}.</p>
      <table part="table" class="phases"><thead><tr><th scope="col">In this order</th><th scope="col">Requests</th><th scope="col">At once</th><th scope="col">Held</th></tr></thead>
        <tbody>${d.phases.map(({ kind, requests, atOnce, hold }) => html`<tr><th scope="row">${PHASES[kind][0]} <span class="tag">${PHASES[kind][1]}</span></th>
          <td>${f.exact(requests)}</td><td>${f.exact(atOnce)}</td><td>${hold === 0 ? '–' : f.time(hold)}</td></tr>`)}</tbody></table>
      <p class="assumptions">Starts ${f.time(d.stagger)} apart; each is given up after ${f.time(d.timeout)}.</p>
      ${d.cautions.map((caution) => html`<p class="note">${CAUTIONS[caution]}</p>`)}
      ${design.wrong ? '' : command(d)}`;
  }

  function command({ requests }: ProbeDesign): TemplateResult {
    const way = pastedTunnel() ? '--url https://example.com/' : `--url http://example.com/ --response-time ${String(asked['responseTime'] ?? 1)}`;
    const line = `cargo run -p proxy-concurrency --example probe -- --proxy http://user:password@proxy.example:8080 ${way} --cap ${String(asked['cap'])}${
      asked['detectQueue'] ? ' --detect-queue' : ''} --send ${requests}`;
    return html`<figure class="file"><figcaption>The probe of this repository does that, and prints lines for the box below:</figcaption>
      <pre class="command" tabindex="0" role="region" aria-label="Command"><code id="command">${line}</code></pre></figure>
      <p class="below">Put in your proxy and a target that does not mind. ${copyButton(input, designed, 'command', 'the command')}</p>`;
  }

  function verdict(r: Reading, text: string): TemplateResult {
    const words = VERDICTS[r.verdict];
    const { limit } = r;
    const refusal = r.status !== null ? f.exact(r.status) : r.failure !== null ? FAILURES[r.failure] : null;
    const rows: readonly (readonly [string, string] | false)[] = [
      limit !== null && [r.verdict === 'rate-limit' ? 'Starts allowed' : 'Limit', `${f.exact(limit.estimate)}${limit.low === limit.high ? '' : limit.high === null
        ? ` (at least ${f.exact(limit.low)})` : ` (${f.exact(limit.low)} to ${f.exact(limit.high)})`}`],
      r.window !== null && ['Within', f.time(r.window)],
      ['Most served at the same time', f.exact(r.atOnce)],
      refusal !== null && ['What goes over gets', refusal],
      r.refusedAfter !== null && ['After', f.time(r.refusedAfter)],
      r.waiting !== null && ['Waited at once', f.exact(r.waiting)],
      r.hold !== null && ['Took, without waiting', f.time(r.hold)],
      r.idleCounts !== null && ['Idle connections count', r.idleCounts ? 'yes' : 'no'],
      r.chance !== null && ['As clear by chance', r.chance < 1e-6 ? `< ${f.percent(1e-6)}` : f.percent(r.chance)],
      ['Lines read', f.exact(r.read)],
    ];
    return html`<p class="headline" data-say><strong data-verdict=${r.verdict}>${words.name}</strong> <span>${CONFIDENCE[r.confidence]}</span></p>
      <p class="said">${words.says}</p>
      <div class="halves"><div><table part="table"><tbody>${rows.filter((row) => row !== false).map(([label, cell]) => html`<tr><th scope="row">${label}</th><td>${cell}</td></tr>`)}</tbody></table>
        ${words.over && !input.fixed('over-limit') ? html`<p class="below"><button type="button" class="link" @click=${() => take(r, words.over!)}>Take it into the form</button></p>` : nothing}</div>
      <div>${r.alternatives.length > 0 ? html`<h3>It could also be</h3><ul>${r.alternatives.map((other) => html`<li><strong>${VERDICTS[other].name}.</strong> ${VERDICTS[other].says}</li>`)}</ul>` : nothing}
        ${r.next.length > 0 ? html`<h3>What would tell</h3><ul>${r.next.map((next) => html`<li>${NEXT[next]}</li>`)}</ul>` : nothing}</div></div>
      ${lines(r, text)}`;
  }

  function take({ limit }: Reading, over: OverLimit): void {
    input.set('over-limit', over);
    if (limit) input.set('cap', String(limit.estimate));
  }

  function lines({ lines: say, unread }: Reading, text: string): unknown {
    const [marked, missed] = [new Set(say), new Set(unread)];
    const all = text.split(/\r\n|\n/);
    // Which of many lines are shown: those that say so and what could not be read come first.
    const shown = all.length <= MOST_LINES ? all.map((_, i) => i + 1) : [...say, ...unread].slice(0, MOST_LINES).sort((a, b) => a - b);
    return html`<h3>${say.length > 0 ? html`Lines that say so: ${ranges(say)}` : 'No single line says so'}</h3>
      ${unread.length > 0 ? html`<p class="assumptions">Not read: ${unread.length === 1 ? 'line' : 'lines'} ${ranges(unread)}.</p>` : nothing}
      <ol class="pasted" tabindex="0" aria-label="Pasted lines">${shown.map((n) => html`<li value=${n} class=${missed.has(n) ? 'missed' : ''}>${marked.has(n)
        ? html`<mark>${shortened(all[n - 1] ?? '')}</mark>` : shortened(all[n - 1] ?? '')}</li>`)}</ol>`;
  }
}

const stay = (event: Event): void => event.preventDefault();

const shortened = (line: string): string => (line.length > 200 ? `${line.slice(0, 200)}…` : line);

/** `1–3, 7`. */
function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const n of numbers) {
    const last = parts.at(-1);
    if (last && n <= last[1] + 1) last[1] = n;
    else parts.push([n, n]);
  }
  const words = parts.slice(0, 12).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return parts.length > 12 ? `${words.join(', ')} …` : words.join(', ');
}
