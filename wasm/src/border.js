// What JavaScript does in fewer bytes than a module that calls it for each step.
const END = 0;
const NOTHING = 1;
const NO = 2;
const YES = 3;
const NUMBER = 4;
const TEXT = 5;
const LIST = 6;
const RECORD = 7;
const OTHER = 8;

// A plan tier is a record in a list in the scenario; what lies deeper is not looked at, so that an object that holds itself ends.
const DEEPEST = 3;
// One more than any list takes: the rest is passed over, and the list is refused for its length.
const MOST_ITEMS = 10_001;

/**
 * A value of the page's as a list of numbers: each kind of value by its own, and what it holds after it. What throws on being looked at
 * (a getter, a proxy) is refused like anything else that no field takes; no exception passes through the module, which would leave its
 * stack pointer where it was.
 */
export function flat(given) {
  const tape = [];
  const text = (string) => {
    const characters = [...string];
    tape.push(TEXT, characters.length);
    for (const character of characters) tape.push(character.codePointAt(0));
  };
  const put = (value, depth) => {
    if (value === undefined || value === null) tape.push(NOTHING);
    else if (typeof value === 'number') tape.push(NUMBER, value);
    else if (typeof value === 'string') text(value);
    else if (typeof value === 'boolean') tape.push(value ? YES : NO);
    else if (typeof value !== 'object' || depth === DEEPEST) tape.push(OTHER);
    else {
      const start = tape.length;
      try {
        if (Array.isArray(value)) {
          tape.push(LIST);
          const { length } = value;
          for (let i = 0; i < length && i < MOST_ITEMS; i++) put(value[i], depth + 1);
        } else {
          tape.push(RECORD);
          // Symbols name no field.
          for (const name of Reflect.ownKeys(value)) if (typeof name === 'string') text(name), put(value[name], depth + 1);
        }
        tape.push(END);
      } catch {
        tape.length = start;
        tape.push(OTHER);
      }
    }
  };
  put(given, 0);
  return tape;
}

/** What is thrown: the first refusal, with all of them. `given` is the record, or the one value that was asked for. */
export function thrown(refusals, given) {
  const all = refusals.map(({ message, field, ...more }) => {
    let value;
    try {
      // What was given itself, not a shortened copy.
      value = Object(given) === given ? given[field] : given;
    } catch {}
    // JavaScript writes the numbers of a sentence: Rust's own formatter would cost 12 kB.
    return Object.assign(RangeError(message.join('')), { field, value, ...more });
  });
  return Object.assign(all[0], { all });
}
