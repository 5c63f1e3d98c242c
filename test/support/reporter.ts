import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node';
import { LEFT_OUT } from './services.ts';

/** Ends the run with what was left out, and with the line `12 passed, 0 failed, 1 skipped`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[], reason: TestRunEndReason): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const leftOut = new Map<string, string[]>();
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        counts[result.state === 'pending' ? 'failed' : result.state] += 1;
        if (result.state !== 'skipped' || !result.note?.startsWith(LEFT_OUT)) continue;
        leftOut.set(result.note, [
          ...(leftOut.get(result.note) ?? []),
          test.parent.type === 'suite' ? test.parent.fullName : test.fullName,
        ]);
      }
      // A file that does not load, or whose hooks fail, has no failed test of its own.
      const suites = [module, ...module.children.allSuites()];
      counts.failed += suites.filter((suite) => suite.errors().length > 0).length;
    }
    counts.failed += errors.length;
    if (reason === 'interrupted' && counts.failed === 0) counts.failed = 1;
    for (const [note, groups] of leftOut) {
      process.stdout.write(`\n!!! ${note.toUpperCase().slice(0, LEFT_OUT.length)}${note.slice(LEFT_OUT.length)}:\n`);
      for (const group of groups) process.stdout.write(`      ${group}\n`);
    }
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  }
}
