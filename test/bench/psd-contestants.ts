import createPffft from '@echogarden/pffft-wasm/simd';
import FFT from 'fft.js';
import { Kernel } from '../../src/dsp/kernel/kernel.ts';
import { createWindow } from '../../src/dsp/windows.ts';
import { loadKernel } from '../../src/pipeline/kernel-file.ts';

/** The same work for all: cu8 → Hann → FFT → |X|² → mean over the block, zero frequency in the middle. */
export type Psd = (samples: Uint8Array) => Float32Array;

export const CONTESTANTS = ['kernel', 'fft.js', 'pffft-wasm'] as const;
export type Contestant = (typeof CONTESTANTS)[number];

function weightsOf(bins: number): Float64Array {
  const window = createWindow('hann', bins);
  return window.values.map((weight) => weight / window.sum);
}

function byKernel(bins: number): Psd {
  const compiled = loadKernel();
  if (compiled === null) throw new Error('the kernel cannot run here; run npm run build');
  const kernel = new Kernel(compiled, weightsOf(bins));
  return (samples) => {
    const transforms = samples.length / 2 / bins;
    return kernel.estimate({ format: 'cu8', samples, hop: bins, transforms, rows: 1, kept: 'sum' }).mean;
  };
}

const CU8_VALUES = Float32Array.from({ length: 256 }, (_, v) => (v - 127.5) / 127.5);

function centred(sums: Float64Array, transforms: number): Float32Array {
  const half = sums.length / 2;
  return Float32Array.from(sums, (_, k) => sums[(k + half) % sums.length] / transforms);
}

/** fft.js at its best: a table for the samples, typed arrays but for its own output, which is faster as it makes it. */
function byFftJs(bins: number): Psd {
  const fft = new FFT(bins);
  const weights = weightsOf(bins);
  const input = new Float64Array(2 * bins);
  const output: number[] = fft.createComplexArray();
  const sums = new Float64Array(bins);
  return (samples) => {
    sums.fill(0);
    for (let at = 0; at < samples.length; at += 2 * bins) {
      for (let n = 0; n < bins; n++) {
        const weight = weights[n];
        input[2 * n] = CU8_VALUES[samples[at + 2 * n]] * weight;
        input[2 * n + 1] = CU8_VALUES[samples[at + 2 * n + 1]] * weight;
      }
      fft.transform(output, input);
      for (let k = 0; k < bins; k++) sums[k] += output[2 * k] * output[2 * k] + output[2 * k + 1] * output[2 * k + 1];
    }
    return centred(sums, samples.length / 2 / bins);
  };
}

/** Samples are written straight into the library's memory, and powers read from it. */
async function byPffft(bins: number): Promise<Psd> {
  const pffft = await createPffft();
  const setup = pffft._pffft_new_setup(bins, 1);
  const [inputAt, outputAt, workAt] = [0, 1, 2].map(() => pffft._pffft_aligned_malloc(8 * bins));
  const weights = Float32Array.from(weightsOf(bins));
  const sums = new Float64Array(bins);
  const input = pffft.HEAPF32.subarray(inputAt / 4, inputAt / 4 + 2 * bins);
  const output = pffft.HEAPF32.subarray(outputAt / 4, outputAt / 4 + 2 * bins);
  return (samples) => {
    sums.fill(0);
    for (let at = 0; at < samples.length; at += 2 * bins) {
      for (let n = 0; n < bins; n++) {
        const weight = weights[n];
        input[2 * n] = CU8_VALUES[samples[at + 2 * n]] * weight;
        input[2 * n + 1] = CU8_VALUES[samples[at + 2 * n + 1]] * weight;
      }
      pffft._pffft_transform_ordered(setup, inputAt, outputAt, workAt, 0);
      for (let k = 0; k < bins; k++) sums[k] += output[2 * k] * output[2 * k] + output[2 * k + 1] * output[2 * k + 1];
    }
    return centred(sums, samples.length / 2 / bins);
  };
}

export async function createContestant(name: Contestant, bins: number): Promise<Psd> {
  if (name === 'kernel') return byKernel(bins);
  return name === 'fft.js' ? byFftJs(bins) : byPffft(bins);
}
