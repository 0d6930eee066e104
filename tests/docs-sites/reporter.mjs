// One line a site, what failed in it below, and the count of claims at the end.
export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let failures = [], skips = [], claims = 0, built = '';
  for await (const { type, data } of source) {
    if (type === 'test:diagnostic' && data.nesting === 1 && data.message.startsWith('built')) built = `, ${data.message}`;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite') continue;
    const failed = type === 'test:fail';
    if (data.nesting > 0) {
      claims += 1;
      counts[failed ? 'failed' : 'passed'] += 1;
      if (failed) failures.push(`  ${data.name}\n${told(data.details.error)}`);
      continue;
    }
    // A test with claims of its own fails where one of them does: that is counted.
    if (claims === 0) counts[failed ? 'failed' : data.skip ? 'skipped' : 'passed'] += 1;
    if (claims === 0 && failed) failures.push(told(data.details.error));
    if (data.skip) skips.push(`skipped: ${data.name}: ${data.skip}`);
    const verdict = failed ? 'FAILED' : data.skip ? 'skipped' : 'ok';
    yield `${data.name.padEnd(20)} ${verdict}, ${(data.details.duration_ms / 1000).toFixed(1)} s${built}${claims ? `, ${claims} claims` : ''}\n`;
    for (const line of [...failures, ...skips.splice(0)]) yield `${line}\n`;
    [failures, claims, built] = [[], 0, ''];
  }
  const { passed, failed, skipped } = counts;
  yield `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`;
}

/** The cause, without Node's wrapper. */
const told = (error) => String(error?.cause?.message ?? error?.message ?? error).replace(/^/gm, '    ');
