/**
 * Who may import whom, as data. A module belongs to the longest prefix that it begins with; a folder may always
 * import itself. Only the project's own folders and Node's built-ins are ruled, and the packages named here.
 */

export interface FolderRule {
  /** Prefixes of modules that it may import. */
  readonly mayImport: readonly string[];
  /** Prefixes of modules of which it may import types only. */
  readonly mayImportTypes?: readonly string[];
  /** Built-ins of Node: all of them, or these. */
  readonly node: 'all' | readonly string[];
  /** Packages that belong to other folders. */
  readonly notPackages?: readonly string[];
  /** No clock, random numbers, environment, log, timers or network either. */
  readonly pure?: boolean;
  /** Nothing at all is imported, not even a package. */
  readonly alone?: boolean;
}

const CORE = 'src/core/';
const DSP = 'src/dsp/';
const FORMATS = 'src/formats/';
const EVERYTHING: FolderRule = { mayImport: ['src/', 'hardware/'], node: 'all' };
const SINK: FolderRule = { mayImport: [CORE, FORMATS, 'src/alerts/'], node: 'all' };
// The vocabulary runs anywhere, so its lists of words (SEVERITIES) are shared with the browser as well as its types.
const BROWSER: FolderRule = { mayImport: [CORE, DSP, 'src/gateway/messages.ts'], node: [] };

export const IMPORT_RULES: Readonly<Record<string, FolderRule>> = {
  'src/core/': { mayImport: [], node: [], pure: true, alone: true },
  'src/formats/': { mayImport: [CORE], node: [], pure: true },
  'src/dsp/': { mayImport: [CORE], node: [], pure: true },
  'src/spectrum/': { mayImport: [CORE, DSP], node: [], pure: true },
  'src/detection/': { mayImport: [CORE, DSP], node: [], pure: true },
  'src/analysis/': { mayImport: [CORE, DSP], node: [], pure: true },
  'src/simulation/': { mayImport: [CORE, DSP], node: [], pure: true },
  'src/casework/': { mayImport: [CORE, FORMATS], node: ['node:crypto'] },
  'src/alerts/': { mayImport: [CORE], node: [], pure: true },
  'src/alerts/mqtt-sink.ts': SINK,
  'src/config/': { mayImport: [CORE], node: 'all' },
  // What a family at a port is configured with is said in its own folder.
  'src/config/receivers.ts': { mayImport: [CORE, 'hardware/options.ts'], node: [] },
  'src/ingest/': { mayImport: [CORE, FORMATS], node: 'all' },
  'src/store/': { mayImport: [CORE, FORMATS], node: 'all' },
  'src/gateway/': { mayImport: [CORE, FORMATS, 'src/casework/'], node: 'all' },
  // Shared with the browser: nothing but types.
  'src/gateway/messages.ts': { mayImport: [], mayImportTypes: [CORE], node: [], pure: true },
  'src/pipeline/': {
    mayImport: [CORE, DSP, 'src/spectrum/', 'src/detection/', 'src/analysis/', 'src/alerts/'],
    node: 'all',
  },
  'src/app.ts': EVERYTHING,
  'src/app/': EVERYTHING,
  'src/main.ts': EVERYTHING,
  'src/cli/': EVERYTHING,
  'hardware/': { mayImport: [CORE, FORMATS], node: 'all', notPackages: ['serialport', 'node:net', 'mqtt'] },
  'hardware/link/': { mayImport: [CORE, FORMATS], node: 'all', notPackages: ['mqtt'] },
  // The embedded broker takes connections itself; packets of `…/vrt` are read in a folder of their own.
  'hardware/mqtt/': { mayImport: [CORE, FORMATS, 'hardware/vita49/'], node: 'all', notPackages: ['serialport'] },
  'dashboards/': BROWSER,
};

/** Sinks are not part of the lifecycle, so who may import `src/alerts/` may not import them. */
export const NOT_INCLUDED: Readonly<Record<string, RegExp>> = { 'src/alerts/': /-sink\.ts$/ };

/** Identifiers that a pure folder has no use for. */
export const IMPURE_GLOBALS: ReadonlySet<string> = new Set([
  'process',
  'console',
  'performance',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'localStorage',
  'Buffer',
]);

export const MAX_FILE_LINES = 400;
