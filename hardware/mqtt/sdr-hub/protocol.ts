import { LIMITS, type Parsed, rejected, type Sweep } from '../../../src/core/frames.ts';
import { checkedSweep } from '../../../src/formats/sweep-checks.ts';

/**
 * A spectrum of rtl-sdr-scanner-cpp, the scanner of sdr-hub, on `sdr/<device>/spectrogram`, little-endian:
 *
 *      0 u64 time, ms since 1970 │ 8 u32 first frequency, Hz │ 12 u32 last frequency, Hz
 *     16 u32 step, Hz │ 20 u32 number of levels │ 24 i8 level, dB, for each
 *
 * Source: shajen/rtl-sdr-scanner-cpp, sources/network/data_controller.cpp.
 */
const HEADER_BYTES = 24;

export function parseSpectrogram(bytes: Uint8Array, receiver: string): Parsed<Sweep> {
  if (bytes.length < HEADER_BYTES) return rejected('length', `${bytes.length} bytes, expected a header of 24`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [startHz, stopHz, stepHz, count] = [8, 12, 16, 20].map((at) => view.getUint32(at, true));
  if (count > LIMITS.sweepPoints) return rejected('size', `${count} levels`);
  if (bytes.length !== HEADER_BYTES + count) {
    return rejected('length', `${bytes.length} bytes, expected ${HEADER_BYTES + count} for ${count} levels`);
  }
  // Whether the last frequency has a level of its own differs between its versions.
  if (Math.abs(startHz + (count - 0.5) * stepHz - stopHz) > stepHz) {
    return rejected('value', `${count} levels every ${stepHz} Hz do not reach from ${startHz} to ${stopHz} Hz`);
  }
  const checked = checkedSweep({
    kind: 'sweep',
    receiver,
    sequence: null,
    timeNs: view.getBigUint64(0, true) * 1_000_000n,
    durationSeconds: null,
    startHz,
    stepHz,
    rbwHz: null,
    unit: 'dB',
    powers: Float32Array.from({ length: count }, (_, i) => view.getInt8(HEADER_BYTES + i)),
    gainDb: null,
    flags: [],
  });
  return checked.ok ? { ok: true, value: checked.value.sweep } : checked;
}
