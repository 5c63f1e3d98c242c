import { pack } from 'tar-stream';
import type { IqBlock, SampleFormat, Sweep } from '../../src/core/frames.ts';
import { BYTES_PER_PAIR } from '../../src/core/frames.ts';
import { encodeIqPacket } from '../../src/formats/iq-packet.ts';
import { formatSigmfMeta } from '../../src/formats/sigmf.ts';
import { formatSm1809 } from '../../src/formats/sm1809.ts';
import { formatSweepJson } from '../../src/formats/sweep-json.ts';
import { encodeSweepPacket } from '../../src/formats/sweep-packet.ts';

/** Whole packets and files, small enough to make thousands of. */

const PAIRS = 512;
const level = (i: number) => -90 + ((i * 37) % 41);
const levels = (count: number) => Float32Array.from({ length: count }, (_, i) => level(i));

function iqBlock(format: SampleFormat): IqBlock {
  const samples = new Uint8Array(PAIRS * BYTES_PER_PAIR[format]);
  const wave = Float32Array.from({ length: 2 * PAIRS }, (_, i) => Math.sin(i));
  samples.set(format === 'cf32' ? new Uint8Array(wave.buffer) : samples.map((_, i) => (i * 31) & 0xff));
  return {
    kind: 'iq',
    receiver: 'rx',
    sequence: 7,
    timeNs: 1_767_225_600_000_000_000n,
    centerHz: 433.92e6,
    sampleRateHz: 250e3,
    format,
    samples,
    pairs: PAIRS,
    gainDb: 20,
    gnssTime: true,
    lostBefore: false,
    overload: false,
  };
}

const sweep = (second: number): Sweep => ({
  kind: 'sweep',
  receiver: 'rx',
  sequence: second,
  timeNs: BigInt(1_767_225_600 + second) * 1_000_000_000n,
  durationSeconds: 0.5,
  startHz: 88e6,
  stepHz: 25e3,
  rbwHz: 30e3,
  unit: 'dBm',
  powers: levels(200),
  gainDb: null,
  flags: ['overload'],
});

const line = (date: string, low: string, high: string, step: string, samples: number, values: readonly number[]) =>
  `${date}, ${low}, ${high}, ${step}, ${samples}, ${values.map((value) => value.toFixed(2)).join(', ')}\n`;
const second = (i: number) => `2026-01-01, 12:00:${String(i % 60).padStart(2, '0')}`;
const many = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join('');
const row = (count: number, i: number) => Array.from(levels(count), (value) => value + (i % 3));

const rtlPower = many(40, (i) => {
  const low = 88e6 + (i % 2) * 100e3;
  const values = row(64, i);
  return line(second(i >> 1), `${low}`, `${low + 100e3}`, '1562.50', 99, [...values, values.at(-1)!]);
});
const soapyPower = many(20, (i) => line(second(i), '88000000.0', '88100000.0', '2000.0', 64, row(50, i)));
const hackrfSweep = many(40, (i) => {
  const low = 2400e6 + [0, 10e6, 5e6, 15e6][i % 4]!;
  return line(`${second(i >> 2)}.123456`, `${low}`, `${low + 5e6}`, '1000000.00', 20, row(5, i));
});
const fftw = (linear: boolean) =>
  many(3, (i) => {
    const head = `# rtl-power-fftw output\n# Acquisition start: 2026-01-01 12:00:0${i} UTC\n# Acquisition end: 2026-01-01 12:00:0${i + 1} UTC\n#\n# frequency [Hz] power spectral density [dB/Hz]\n`;
    const point = (k: number) =>
      `${(1.42e9 + 1e3 * k).toExponential(8)} ${linear ? 10 ** (level(k) / 10) : level(k)}\n`;
    return `${head}${many(60, point)}\n\n`;
  });

const double = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
};
const u16 = (value: number) => Buffer.from([value & 0xff, (value >> 8) & 0xff]);
const u32 = (value: number) => Buffer.concat([u16(value), u16(value >>> 16)]);
const netString = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
const float32 = (count: number) => Buffer.from(levels(count).buffer);

function rfe(version: 1 | 2): Buffer {
  const time = '2026-01-01T12:00:00.1234567+02:00';
  const points = [...levels(112)].map(double);
  return Buffer.concat([
    netString(`RFExplorer PC Client - Format v00${version}`),
    double(93.399),
    double(0.008919),
    version === 1 ? u16(5) : u32(5),
    u16(112),
    ...(version === 1 ? [] : [netString('Start: 93.399MHz - RBW:10KHz'), netString('Model:WSUB1G')]),
    ...Array.from({ length: 5 }, () =>
      version === 1 ? points : [u32(time.length), netString(time), ...points],
    ).flat(),
  ]);
}

const rfeCsv = [
  'RF Explorer CSV data file: RFExplorer PC Client - Format v005',
  'Start Frequency: 93.399MHZ',
  'Step Frequency: 8.919KHZ',
  'Total data entries: 5',
  'Data points per entry: 112',
  `Sweep,Date,Time,Milliseconds,${row(112, 0).join(',')}`,
  ...Array.from({ length: 5 }, (_, i) => `${i},1/20/2026,12:00:0${i},.123,${row(112, i).join(',')}`),
].join('\r\n');

function soapyBin(): Buffer {
  const record = (i: number) => {
    const header = Buffer.alloc(64);
    header.write('SDRFF', 0);
    header[5] = 2;
    [1.7e9 + i, 1.7e9 + i + 0.5, 88e6, 88e6 + 64e3, 1e3].forEach((value, k) => {
      header.writeDoubleLE(value, 6 + 8 * k);
    });
    header.writeBigUInt64LE(64n, 46);
    header.writeBigUInt64LE(256n, 54);
    return Buffer.concat([header, float32(64)]);
  };
  return Buffer.concat(Array.from({ length: 10 }, (_, i) => record(i)));
}

function hackrfBin(): Buffer {
  const record = (i: number) => {
    const header = Buffer.alloc(20);
    const low = BigInt(2400e6 + [0, 10e6, 5e6, 15e6][i % 4]!);
    header.writeUInt32LE(16 + 20, 0);
    header.writeBigUInt64LE(low, 4);
    header.writeBigUInt64LE(low + 5_000_000n, 12);
    return Buffer.concat([header, float32(5)]);
  };
  return Buffer.concat(Array.from({ length: 40 }, (_, i) => record(i)));
}

const radiohound = JSON.stringify({
  data: Buffer.from(Float32Array.from(levels(256), (value) => 10 ** (value / 10 - 3)).buffer).toString('base64'),
  type: 'float32',
  mac_address: 'f4e11ea46780',
  timestamp: '2026-01-01T12:00:00.123456+00:00',
  metadata: { data_type: 'periodogram', fmin: 1988e6, fmax: 2012e6, scan_time: 0.07 },
});

function wav(outer: 'RIFF' | 'RF64'): Buffer {
  const chunk = (name: string, body: Uint8Array, size = body.length) =>
    Buffer.concat([Buffer.from(name), u32(size), body]);
  const ds64 = Buffer.concat([u32(0), u32(0), u32(2048), u32(0), u32(0), u32(0), u32(0)]);
  const format = Buffer.concat([u16(1), u16(2), u32(250_000), u32(1_000_000), u16(4), u16(16)]);
  const auxi = Buffer.concat([
    ...[2026, 1, 4, 1, 12, 0, 0, 0].map(u16),
    Buffer.alloc(16),
    u32(7_100_000),
    Buffer.alloc(32),
  ]);
  const samples = Buffer.alloc(2048, 3);
  const long = outer === 'RF64';
  return Buffer.concat([
    Buffer.from(outer),
    u32(long ? 0xffffffff : 2300),
    Buffer.from('WAVE'),
    ...(long ? [chunk('ds64', ds64)] : []),
    chunk('fmt ', format),
    chunk('auxi', auxi),
    chunk('data', samples, long ? 0xffffffff : samples.length),
  ]);
}

export const sigmfMeta = Buffer.from(
  formatSigmfMeta({
    datatype: 'ci16_le',
    sampleRateHz: 250e3,
    channels: 1,
    offsetSamples: 0,
    trailingBytes: 0,
    dataset: null,
    sha512: null,
    metadataOnly: false,
    captures: [0, 128, 256].map((startSample) => ({
      startSample,
      centerHz: 433.92e6,
      timeNs: 1_767_225_600_000_000_000n,
      headerBytes: 0,
      others: {},
    })),
    annotations: [{ startSample: 3, samples: 9, lowHz: 1, highHz: 2, label: 'x', comment: null, others: {} }],
    others: { 'core:author': 'A' },
  }),
);

async function sigmfArchive(): Promise<Buffer> {
  const packer = pack();
  packer.entry({ name: 'x/x.sigmf-meta' }, sigmfMeta);
  packer.entry({ name: 'x/x.sigmf-data' }, Buffer.alloc(2048, 3));
  packer.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of packer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export type PacketKind = 'iq' | 'sweep' | 'json' | 'csv';

export function packetSeeds(): { readonly kind: PacketKind; readonly bytes: Uint8Array }[] {
  const iq = (['cu8', 'cs8', 'cs16', 'cf32'] as const).map((format) => encodeIqPacket(iqBlock(format)));
  const sweeps = (['u8', 'i16', 'f32'] as const).map((format) => encodeSweepPacket(sweep(1), format));
  return [
    ...iq.map((bytes) => ({ kind: 'iq', bytes }) as const),
    ...sweeps.map((bytes) => ({ kind: 'sweep', bytes }) as const),
    { kind: 'json', bytes: Buffer.from(formatSweepJson(sweep(1))) },
    ...[rtlPower, soapyPower, hackrfSweep].map((text) => ({ kind: 'csv', bytes: Buffer.from(text) }) as const),
  ];
}

/** Files by a name that says what `auto` may learn from one. */
export async function fileSeeds(): Promise<
  { readonly name: string; readonly format: string; readonly bytes: Buffer }[]
> {
  const station = { locationName: 'Roof', lat: 1, lon: 2, antennaType: 'Whip', detector: 'RMS' };
  const sm1809 = formatSm1809(station, [sweep(1), sweep(2), sweep(3)]);
  const samples = (format: SampleFormat) => Buffer.from(iqBlock(format).samples);
  return [
    { name: 'g001_433.92M_250k.cu8', format: 'cu8', bytes: samples('cu8') },
    { name: 'g002_433.92M_250k.cs16', format: 'cs16', bytes: samples('cs16') },
    { name: 'g003_433.92M_250k.cf32', format: 'cf32', bytes: samples('cf32') },
    { name: 'pair.sigmf-meta', format: 'sigmf', bytes: sigmfMeta },
    { name: 'archive.sigmf', format: 'sigmf', bytes: await sigmfArchive() },
    { name: 'short.wav', format: 'wav', bytes: wav('RIFF') },
    { name: 'long.wav', format: 'wav', bytes: wav('RF64') },
    { name: 'rtl.csv', format: 'rtl_power', bytes: Buffer.from(rtlPower) },
    { name: 'soapy.csv', format: 'soapy_power', bytes: Buffer.from(soapyPower) },
    { name: 'soapy.bin', format: 'soapy_power', bytes: soapyBin() },
    { name: 'hackrf.csv', format: 'hackrf_sweep', bytes: Buffer.from(hackrfSweep) },
    { name: 'hackrf.bin', format: 'hackrf_sweep', bytes: hackrfBin() },
    { name: 'fftw.dat', format: 'rtl_power_fftw', bytes: Buffer.from(fftw(false)) },
    { name: 'fftw-linear.dat', format: 'rtl_power_fftw', bytes: Buffer.from(fftw(true)) },
    { name: 'one.rfe', format: 'rfe', bytes: rfe(1) },
    { name: 'two.rfe', format: 'rfe', bytes: rfe(2) },
    { name: 'rfe.csv', format: 'rfe', bytes: Buffer.from(rfeCsv) },
    { name: 'hound.rh.json', format: 'radiohound', bytes: Buffer.from(radiohound) },
    { name: 'sm1809.txt', format: 'sm1809', bytes: Buffer.from(sm1809.ok ? sm1809.value : '') },
  ];
}
