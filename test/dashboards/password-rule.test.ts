import { expect, it } from 'vitest';
import { setupProblem } from '../../dashboards/web/setup/password-rule.ts';

it('a first account needs a name, twelve characters, and the same twice', () => {
  expect(setupProblem(' ', 'x'.repeat(12), 'x'.repeat(12))).toEqual({ kind: 'nameMissing' });
  expect(setupProblem('a', 'x'.repeat(11), 'x'.repeat(11))).toEqual({ kind: 'tooShort', count: 11 });
  expect(setupProblem('a', 'x'.repeat(12), 'y'.repeat(12))).toEqual({ kind: 'mismatch' });
  expect(setupProblem('a', 'x'.repeat(12), 'x'.repeat(12))).toBeNull();
});

it('counts characters as people do', () => {
  expect(setupProblem('a', '频谱监测频谱监测频谱监测', '频谱监测频谱监测频谱监测')).toBeNull();
  expect(setupProblem('a', '🙂🙂🙂🙂🙂🙂', '🙂🙂🙂🙂🙂🙂')).toEqual({ kind: 'tooShort', count: 6 });
});
