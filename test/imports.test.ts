import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IMPORT_RULES } from './support/import-rules.ts';
import { breachesIn, countImports, readModules } from './support/imports.ts';

const modules = readModules('.', ['src', 'hardware', 'dashboards']);

describe('the modules of the project', () => {
  it('are seen, with their imports', () => {
    expect(modules.length).toBeGreaterThan(20);
    expect(countImports(modules)).toBeGreaterThan(modules.length);
  });

  it('import only what their folder may, are pure where they must be, and at most 400 lines long', () => {
    expect(breachesIn(modules)).toEqual([]);
  });

  it('have a rule for every folder of src', () => {
    const folders = new Set(modules.map(({ path }) => path.split('/').slice(0, 2).join('/')));
    for (const folder of folders) {
      if (!folder.startsWith('src/')) continue;
      expect(IMPORT_RULES).toHaveProperty([existsSync(folder) && !folder.endsWith('.ts') ? `${folder}/` : folder]);
    }
  });
});

describe('a planted breach is found', () => {
  it.each([
    ['src/detection/x.ts', "import { a } from '../analysis/y.ts';", 'may not import src/analysis/y.ts'],
    ['src/detection/x.ts', "import type { A } from '../analysis/y.ts';", 'may not import src/analysis/y.ts'],
    ['src/detection/x.ts', "export * from '../store/y.ts';", 'may not import src/store/y.ts'],
    ['src/detection/deep/x.ts', "const a = await import('../../gateway/y.ts');", 'may not import src/gateway/y.ts'],
    ['src/core/x.ts', "import { Type } from 'typebox';", 'may not import typebox'],
    ['src/formats/x.ts', "import { readFile } from 'node:fs/promises';", 'may not import node:fs/promises'],
    ['src/formats/x.ts', "import { Buffer } from 'buffer';", 'may not import buffer'],
    ['src/casework/x.ts', "import 'node:fs';", 'may not import node:fs'],
    ['src/ingest/x.ts', "import { a } from '../store/y.ts';", 'may not import src/store/y.ts'],
    ['src/gateway/x.ts', "import { a } from '../ingest/y.ts';", 'may not import src/ingest/y.ts'],
    ['src/gateway/messages.ts', "import { a } from '../core/units.ts';", 'may not import src/core/units.ts'],
    ['src/pipeline/x.ts', "import { a } from '../alerts/mqtt-sink.ts';", 'may not import src/alerts/mqtt-sink.ts'],
    ['src/pipeline/x.ts', "new Worker(new URL('../store/y.ts', import.meta.url));", 'may not import src/store/y.ts'],
    ['hardware/tinysa/x.ts', "import { SerialPort } from 'serialport';", 'may not import serialport'],
    ['hardware/tinysa/x.ts', "import net from 'net';", 'may not import net'],
    ['hardware/generic/x.ts', "import mqtt from 'mqtt';", 'may not import mqtt'],
    ['hardware/mqtt/x.ts', "import { a } from '../../src/dsp/fft.ts';", 'may not import src/dsp/fft.ts'],
    ['dashboards/web/x.ts', "import { a } from '../../src/gateway/auth.ts';", 'may not import src/gateway/auth.ts'],
    ['src/gateway/messages.ts', "import { type A, b } from '../core/units.ts';", 'may not import src/core/units.ts'],
    ['dashboards/web/x.ts', "let a: import('../../src/store/y.ts').A;", 'may not import src/store/y.ts'],
    ['src/dsp/x.ts', 'const t = Date.now();', 'is pure and may not use Date.now'],
    ['src/dsp/x.ts', 'const t = new Date();', 'is pure and may not use new Date()'],
    ['src/simulation/x.ts', 'const r = Math.random();', 'is pure and may not use Math.random'],
    ['src/analysis/x.ts', 'if (process.env.A) console.log(1);', 'is pure and may not use process'],
    ['src/new-folder/x.ts', '', 'no rule says what it may import'],
    ['src/core/x.ts', '\n'.repeat(401), '401 lines; at most 400'],
  ])('%s: %s', (path, text, breach) => {
    expect(breachesIn([{ path, text }])).toContain(`${path}: ${breach}`);
  });

  it.each([
    ['src/detection/x.ts', "import { a } from '../dsp/fft.ts'; import FFT from 'fft.js'; import { b } from './y.ts';"],
    ['src/dsp/x.ts', 'const t = new Date(timeMs); class A { process(x) {} } a.process(b.console);'],
    ['src/pipeline/x.ts', "import { a } from '../alerts/lifecycle.ts'; import 'node:worker_threads';"],
    ['src/alerts/mqtt-sink.ts', "import { a } from './lifecycle.ts';"],
    [
      'dashboards/web/x.ts',
      "import type { A } from '../../src/core/units.ts'; import { type B } from '../../src/core/y.ts';",
    ],
    ['dashboards/web/x.ts', "import { a } from '../../src/gateway/messages.ts'; import { html } from 'lit';"],
    ['hardware/link/tcp.ts', "import net from 'node:net';"],
  ])('%s may say: %s', (path, text) => {
    expect(breachesIn([{ path, text }])).toEqual([]);
  });
});
