// The same model in plain JavaScript, as fast as it will go: typed arrays, a heap of four children to a node, the next arrival
// outside of it, what a loop needs in local variables. It keeps counts and the sum of waits, and nothing else that ours keeps.

const ARITY = 4;
/** Ends of service and retries, in one heap: what happens is a request's number, and a retry where this bit is set. */
const RETRY = 1 << 30;

const exponential = () => -Math.log(1 - Math.random());

export class Queue {
  /** Times in response times; what is left out does not happen. */
  constructor({ rate, servers, places = Infinity, timeout = Infinity, retries = 0, backoff = 0, factor = 1, longest = 0, jitter = 0 }) {
    this.given = { rate, servers, places, timeout, retries, backoff, factor, longest, jitter };
    this.times = new Float64Array(1024);
    this.whats = new Int32Array(1024);
    this.planned = 0;
    this.sent = new Float64Array(1024);
    this.tries = new Int32Array(1024);
    this.free = new Int32Array(1024);
    this.idle = 0;
    this.followed = 0;
    // A ring: from `first`, `waiting` of them.
    this.line = new Int32Array(1024);
    this.first = 0;
    this.waiting = 0;
    this.busy = 0;
    this.nextArrival = exponential() / rate;
    this.counts = { requests: 0, attempts: 0, rejected: 0, timedOut: 0, started: 0, waited: 0 };
  }

  push(time, what) {
    if (this.planned === this.times.length) {
      this.times = grown(this.times);
      this.whats = grown(this.whats);
    }
    const { times, whats } = this;
    let at = this.planned++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (times[parent] <= time) break;
      times[at] = times[parent];
      whats[at] = whats[parent];
      at = parent;
    }
    times[at] = time;
    whats[at] = what;
  }

  /** Puts an entry where the top was. */
  replace(time, what) {
    const { times, whats, planned } = this;
    let at = 0;
    for (;;) {
      const first = ARITY * at + 1;
      if (first >= planned) break;
      let child = first;
      let earliest = times[first];
      const end = first + ARITY < planned ? first + ARITY : planned;
      for (let i = first + 1; i < end; i += 1) {
        if (times[i] < earliest) {
          earliest = times[i];
          child = i;
        }
      }
      if (earliest >= time) break;
      times[at] = earliest;
      whats[at] = whats[child];
      at = child;
    }
    times[at] = time;
    whats[at] = what;
  }

  drop() {
    const last = --this.planned;
    if (last > 0) this.replace(this.times[last], this.whats[last]);
  }

  follow(sent, tries) {
    let number;
    if (this.idle > 0) {
      number = this.free[--this.idle];
    } else {
      number = this.followed++;
      if (number === this.sent.length) for (const name of ['sent', 'tries', 'free']) this[name] = grown(this[name]);
    }
    this.sent[number] = sent;
    this.tries[number] = tries;
    return number;
  }

  /** An attempt: whether it begins to be served now is for the caller to plan. */
  attempt(now, tries) {
    const { counts, given } = this;
    counts.attempts += 1;
    if (this.busy < given.servers) {
      counts.started += 1;
      this.busy += 1;
      this.push(now + exponential(), this.follow(now, tries));
    } else if (this.waiting < given.places) {
      if (this.waiting === this.line.length) this.lengthen();
      this.line[(this.first + this.waiting++) & (this.line.length - 1)] = this.follow(now, tries);
    } else {
      counts.rejected += 1;
      this.fail(now, tries);
    }
  }

  lengthen() {
    const { line, first } = this;
    const longer = grown(line);
    for (let i = 0; i < line.length; i += 1) longer[i] = line[(first + i) & (line.length - 1)];
    this.line = longer;
    this.first = 0;
  }

  fail(now, tries) {
    const { retries, backoff, factor, longest, jitter } = this.given;
    if (tries >= retries) return;
    const pause = Math.min(backoff * factor ** tries, longest) * (1 - jitter * Math.random());
    this.push(now + pause, this.follow(now, tries + 1) | RETRY);
  }

  /** Arrivals, ends, retries and timeouts: so many. */
  advance(events) {
    const { given: { rate, timeout }, counts } = this;
    for (let left = events; left > 0; left -= 1) {
      const planned = this.planned > 0 ? this.times[0] : Infinity;
      const gap = timeout < Infinity && this.waiting > 0 ? this.sent[this.line[this.first]] + timeout : Infinity;
      if (gap < planned && gap < this.nextArrival) {
        const number = this.line[this.first];
        this.first = (this.first + 1) & (this.line.length - 1);
        this.waiting -= 1;
        this.free[this.idle++] = number;
        counts.timedOut += 1;
        this.fail(gap, this.tries[number]);
      } else if (planned <= this.nextArrival) {
        const what = this.whats[0];
        const number = what & ~RETRY;
        this.free[this.idle++] = number;
        if ((what & RETRY) !== 0) {
          this.drop();
          this.attempt(planned, this.tries[number]);
        } else if (this.waiting > 0) {
          const next = this.line[this.first];
          this.first = (this.first + 1) & (this.line.length - 1);
          this.waiting -= 1;
          counts.started += 1;
          counts.waited += planned - this.sent[next];
          this.replace(planned + exponential(), next);
        } else {
          this.busy -= 1;
          this.drop();
        }
      } else {
        const now = this.nextArrival;
        this.nextArrival = now + exponential() / rate;
        counts.requests += 1;
        this.attempt(now, 0);
      }
    }
  }
}

const grown = (array) => {
  const larger = new array.constructor(2 * array.length);
  larger.set(array);
  return larger;
};
