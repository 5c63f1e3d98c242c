import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Programs of SDRs as real processes: they take the flags of the real ones (getopt strings from their sources), write
 * what those write on standard error, and obey files in their folder: `absent`, `unplug`, `hang`, `pause`.
 */
const COMMON = `
const fs = require('node:fs');
const folder = process.env.FAKE_FOLDER;
const told = (name) => fs.existsSync(folder + '/' + name);
const name = process.argv[1].split('/').pop();
fs.appendFileSync(folder + '/calls', JSON.stringify({ name, args: process.argv.slice(2), pid: process.pid }) + '\\n');
function getopt(string) {
  const options = {}, rest = [];
  const args = process.argv.slice(2);
  while (args.length > 0) {
    const arg = args.shift();
    if (arg === '-' || !arg.startsWith('-')) { rest.push(arg); continue; }
    const at = string.indexOf(arg[1]);
    if (at < 0) { console.error(name + ": invalid option -- '" + arg[1] + "'"); process.exit(1); }
    options[arg[1]] = string[at + 1] === ':' ? (arg.length > 2 ? arg.slice(2) : args.shift()) : true;
  }
  return { options, rest };
}
process.on('SIGTERM', () => { console.error('Signal caught, exiting!'); setTimeout(() => process.exit(0), 20); });
process.stdout.on('error', () => process.exit(1));
`;

/** Pair n counts itself: n's upper bytes each 256 pairs, its lowest in between. */
const SAMPLES = `
const pace = Number(process.env.FAKE_PACE || 1);
/** FAKE_CARRIER: cycles a sample; noise of −20 dBFS and a carrier of −14 dBFS, in 8 bits without a sign. */
const cycles = Number(process.env.FAKE_CARRIER);
const noise = Array.from({ length: 65_536 }, () => 127.5 * 0.12 * (Math.random() + Math.random() + Math.random() - 1.5));
const carrier = process.env.FAKE_CARRIER === undefined ? null : (n, part) => {
  const phase = 2 * Math.PI * cycles * n - (part * Math.PI) / 2;
  return Math.round(127.5 + noise[(n * 2 + part + (n >> 15) * 977) & 65_535] + 25 * Math.cos(phase));
};
function stream(rate, bytesPerPair, blockPairs, onBlock) {
  let n = 0, last = process.hrtime.bigint(), owed = 0;
  setInterval(() => {
    const now = process.hrtime.bigint();
    const seconds = Number(now - last) / 1e9;
    last = now;
    if (told('unplug')) { onBlock('unplug'); return; }
    if (told('hang') || told('pause')) return;
    owed += seconds * rate * pace;
    // A program that is held up for longer than its buffers last loses what its device sends meanwhile.
    if (process.stdout.writableLength > 8e6) { n += Math.floor(owed); owed -= Math.floor(owed); return; }
    while (owed >= blockPairs) {
      owed -= blockPairs;
      const bytes = Buffer.alloc(blockPairs * bytesPerPair);
      for (let i = 0; i < blockPairs; i++, n++) {
        const at = i * bytesPerPair;
        const low = n & 255;
        const [a, b] = low === 0 ? [(n >>> 8) & 255, (n >>> 16) & 255] : low === 1 ? [n >>> 24, 1] : [low, 127];
        bytes[at] = carrier === null ? a : carrier(n, 0);
        bytes[at + bytesPerPair / 2] = carrier === null ? b : carrier(n, 1);
      }
      process.stdout.write(bytes);
    }
  }, 5);
}
`;

const PROGRAMS: Readonly<Record<string, string>> = {
  rtl_sdr: `${SAMPLES}
const { options, rest } = getopt('d:f:g:s:b:n:p:S');
if (rest[0] !== '-') process.exit(1);
if (told('absent')) { console.error('No supported devices found.'); process.exit(1); }
console.error('Found 1 device(s):\\n  0:  Realtek, RTL2838UHIDIR, SN: 00000001\\n\\nUsing device 0: Generic RTL2832U OEM');
console.error('Found Rafael Micro R820T tuner\\nSampling at ' + options.s + ' S/s.\\nTuned to ' + options.f + ' Hz.');
console.error('Reading samples in async mode...');
stream(Number(options.s), 2, Number(options.b) / 2, () => {
  console.error('cb transfer status: 1, canceling...\\n\\nLibrary error -5, exiting...');
  process.exit(5);
});
`,
  hackrf_transfer: `${SAMPLES}
const { options } = getopt('H:wr:t:f:i:o:m:a:p:s:Fn:b:l:g:x:c:d:C:RS:Bh');
if (options.r !== '-') process.exit(1);
if (told('absent')) { console.error('hackrf_open() failed: HACKRF_ERROR_NOT_FOUND (-5)'); process.exit(1); }
let overruns = 0;
setInterval(() => {
  if (told('overrun')) overruns++;
  console.error(' 4.0 MiB / 1.000 sec =  4.0 MiB/second, average power -30.1 dBfs, 14336 bytes free in buffer, ' + overruns + ' overruns, longest ' + overruns * 16384 + ' bytes');
}, 100);
stream(Number(options.s), 2, 16384, () => { console.error("\\nCouldn't transfer any bytes for one second."); process.exit(1); });
`,
  rx_sdr: `${SAMPLES}
const { options, rest } = getopt('d:f:g:c:a:s:b:n:p:D:SI:F:t:w:k:');
if (rest[0] !== '-' || options.F !== 'CS16') process.exit(1);
console.error('Using output format: CS16 (input format CS16, 4 bytes per element)\\nReading samples in sync mode...');
setInterval(() => { if (told('overflow')) process.stderr.write('O'); }, 50);
stream(Number(options.s), 4, 1024, () => process.exit(1));
`,
  rtl_power: `
const { options } = getopt('f:i:s:t:d:g:p:e:w:c:F:1EPDOhTN');
const [low, high, bin] = options.f.split(':').map(Number);
const bins = Math.round((high - low) / bin);
let sweeps = 0;
setInterval(() => {
  if (told('hang')) return;
  const [date, time] = new Date().toISOString().slice(0, 19).split('T');
  const levels = Array.from({ length: bins }, (_, i) => (-60 + ((i + sweeps) % 10) / 10).toFixed(2));
  levels.push(levels[levels.length - 1]);
  process.stdout.write([date, time, low, high, bin.toFixed(2), 100, ...levels].join(', ') + '\\n');
  sweeps++;
}, 100);
`,
  hackrf_sweep: `
const { options } = getopt('a:f:p:l:g:d:N:w:1BIr:nP:h');
const [low, high] = options.f.split(':').map((mhz) => Number(mhz) * 1e6);
const row = (hz) => {
  const [date, time] = new Date().toISOString().slice(0, 23).split('T');
  return [date, time + '000', hz, hz + 5e6, '1000000.00', 20, -60, -61, -62, -63, -64].join(', ') + '\\n';
};
setInterval(() => {
  for (let hz = low; hz < high; hz += 20e6) for (const at of [0, 10e6, 5e6, 15e6]) process.stdout.write(row(hz + at));
}, 60);
`,
  soapy_power: `
const args = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];
const [low, high] = after('-f').split(':').map(Number);
const bin = Number(after('-B'));
const count = Math.round((high - low) / bin);
setInterval(() => {
  const head = Buffer.alloc(64);
  head.write('SDRFF', 0, 'latin1');
  head[5] = 2;
  [Date.now() / 1e3 - 0.1, Date.now() / 1e3, low, high, bin].forEach((value, i) => head.writeDoubleLE(value, 6 + 8 * i));
  head.writeBigUInt64LE(1000n, 46);
  head.writeBigUInt64LE(BigInt(4 * count), 54);
  process.stdout.write(Buffer.concat([head, Buffer.from(new Float32Array(count).fill(-71.5).buffer)]));
}, 100);
`,
};

export interface ProgramStart {
  readonly name: string;
  readonly args: readonly string[];
  readonly pid: number;
}

/** The programs in a folder of their own, which goes in front of PATH. */
export class FakePrograms {
  readonly folder: string;
  private readonly commands: string;

  constructor(folder: string) {
    this.folder = folder;
    this.commands = join(folder, 'bin');
    mkdirSync(this.commands, { recursive: true });
    for (const [name, text] of Object.entries(PROGRAMS)) {
      const file = join(this.commands, name);
      writeFileSync(file, `#!${process.execPath}\n${COMMON}${text}`);
      chmodSync(file, 0o755);
    }
  }

  environment(pace: number): Record<string, string> {
    const path = `${this.commands}:${process.env.PATH}`;
    return { PATH: path, FAKE_FOLDER: this.folder, FAKE_PACE: String(pace) };
  }

  say(word: string): void {
    writeFileSync(join(this.folder, word), '');
  }

  unsay(word: string): void {
    rmSync(join(this.folder, word), { force: true });
  }

  get starts(): ProgramStart[] {
    const file = join(this.folder, 'calls');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as ProgramStart);
  }
}

/** The number that pair 0 of a block of a fake program carries: its place in the stream. */
export function pairNumber(samples: Uint8Array): number {
  return 256 * (samples[0] | (samples[1] << 8) | (samples[2] << 16));
}
