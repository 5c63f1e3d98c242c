import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../support/process.ts';
import { describeWithRecordings, findService } from '../support/services.ts';

const ROOT = join(import.meta.dirname, '../..');
const COMMAND = `${process.execPath} ${join(ROOT, 'dist/src/main.js')}`;

describeWithRecordings('analyze on the real recordings', (folder) => {
  // The judge came with the recordings: it knows nothing of this project but the contract.
  const judge = join(folder, '../judge.py');
  const python = findService('python3');

  it('passes their judge: main emissions, starts of bursts, nothing unexplained, every sweep log read', async () => {
    expect(existsSync(judge) && python !== null).toBe(true);
    const verdict = await run(python!, [judge, join(folder, 'manifest.json'), folder, '--cmd', COMMAND]);
    expect(verdict.stdout.trim().split('\n').at(-1)).toMatch(/^found 7\/7, unexplained 0 in/);
    expect(verdict.code).toBe(0);
  }, 300_000);

  it('gives the same bytes twice, and the peak of every sweep log where it was measured', async () => {
    const once = (file: string) => run(process.execPath, [join(ROOT, 'dist/src/main.js'), 'analyze', '--json', file]);
    const file = join(folder, 'fissure_keyfob_311M_1M.sigmf-meta');
    expect((await once(file)).stdout).toBe((await once(file)).stdout);
    const log = await once(join(folder, 'rfexplorer_SignalGenerator_CW_1400MHz.rfe'));
    const recording = JSON.parse(log.stdout.split('\n')[0]) as Record<string, number>;
    // key_facts of the manifest: the generator's carrier at 1400 MHz, −31.5 dBm at its strongest.
    expect(Math.abs(recording.peakHz - 1_399_999_968)).toBeLessThan(500);
    expect(recording.peakLevel).toBeCloseTo(-31.5, 1);
    expect(recording.sweeps).toBe(98);
  }, 60_000);

  it('gives what is whole in the garbled log, and one line that names what is not', async () => {
    const file = join(folder, 'hackrf_sweep_fm_garbled_last_line.csv');
    const { code, stdout, stderr } = await run(process.execPath, [
      join(ROOT, 'dist/src/main.js'),
      'analyze',
      '--json',
      file,
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ type: 'summary', rejected: 1 });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('line 5');
  });
});
