import { audioRms } from '../audio.ts';
import { MultiplexSource } from '../multiplex.ts';
import { Random } from '../random.ts';
import type { Signal } from '../signal.ts';
import { createSource } from '../signals/create.ts';

/** Power spectrum of an emission as lines: offset from its centre and share of its power. Shares sum to 1. */
export interface PowerLines {
  readonly offsetsHz: Float64Array;
  readonly shares: Float64Array;
}

/** Moments of a modulation kept for the sweeps to come across. */
const MOMENTS = 12;
const MOMENT_SECONDS = 0.02;
const LINE_HZ = 1_000;
/** Finer than any receiver of the city resolves a wide sweep. */
const CHIRP_LINE_HZ = 5_000;

/**
 * Power spectra of a signal at several moments. Angle modulation of many kilohertz puts power where its
 * instantaneous frequency is (Woodward's theorem), so the histogram of the frequency is the spectrum; AM has its
 * carrier and its sidebands; a carrier is one line.
 */
export function powerLinesOf(signal: Signal, seed: number): readonly PowerLines[] {
  switch (signal.kind) {
    case 'cw':
      return [linesOf([[0, 1]])];
    case 'am':
      return amLines(signal);
    case 'wfm': {
      const rateHz = 256_000;
      const deviationHz = signal.deviationHz ?? 75_000;
      const multiplex = new MultiplexSource('programme', signal.stereo ?? true, signal.rds ?? null, rateHz, seed);
      return histograms(() => deviationHz * multiplex.next(), rateHz, 75_000);
    }
    case 'chirp':
      return [chirpLines(signal.spanHz)];
    default:
      return narrowHistograms(signal, seed);
  }
}

/** Carrier, and sidebands of m²·rms²/2 of it in all, spread over telephony's 300–3000 Hz or on the tone. */
function amLines(signal: Extract<Signal, { kind: 'am' }>): readonly PowerLines[] {
  const sidebands = (signal.depth * audioRms(signal.audio)) ** 2;
  const tonesHz = typeof signal.audio === 'object' ? [signal.audio.toneHz] : [400, 700, 1_100, 1_700, 2_600];
  // Speech comes and goes: from silence to twice its mean.
  return [0, 0.5, 1, 2].map((loudness) => {
    const power = typeof signal.audio === 'object' ? sidebands : loudness * sidebands;
    const side = tonesHz.flatMap((hz): [number, number][] => {
      const share = power / 2 / tonesHz.length;
      return [
        [hz, share],
        [-hz, share],
      ];
    });
    return linesOf([[0, 1], ...side]);
  });
}

/** A linear sweep is as long at each frequency: seen for many periods, its power lies evenly over its span. */
function chirpLines(spanHz: number): PowerLines {
  const count = Math.max(2, Math.ceil(spanHz / CHIRP_LINE_HZ));
  return linesOf(Array.from({ length: count }, (_, i): [number, number] => [((i + 0.5) / count - 0.5) * spanHz, 1]));
}

/** Instantaneous frequency of the signal itself, at a rate where it turns far less than half a turn a sample. */
function narrowHistograms(signal: Signal, seed: number): readonly PowerLines[] {
  const rateHz = 128_000;
  const source = createSource(signal, rateHz, seed);
  const pair = new Float64Array(4);
  source.fill(pair, 0, 1);
  const next = (): number => {
    source.fill(pair, 1, 1);
    const turn = Math.atan2(pair[3] * pair[0] - pair[2] * pair[1], pair[2] * pair[0] + pair[3] * pair[1]);
    pair[0] = pair[2];
    pair[1] = pair[3];
    return (turn * rateHz) / (2 * Math.PI);
  };
  return histograms(next, rateHz, 12_000);
}

function histograms(nextHz: () => number, rateHz: number, reachHz: number): readonly PowerLines[] {
  const cells = 2 * Math.ceil(reachHz / LINE_HZ) + 1;
  const middle = (cells - 1) / 2;
  const samples = Math.round(MOMENT_SECONDS * rateHz);
  return Array.from({ length: MOMENTS }, () => {
    const counts = new Float64Array(cells);
    for (let i = 0; i < samples; i++) {
      const cell = Math.round(nextHz() / LINE_HZ) + middle;
      counts[Math.max(0, Math.min(cells - 1, cell))]++;
    }
    return linesOf(Array.from(counts, (count, i): [number, number] => [(i - middle) * LINE_HZ, count]));
  });
}

function linesOf(lines: readonly (readonly [number, number])[]): PowerLines {
  const present = lines.filter(([, power]) => power > 0);
  const total = present.reduce((sum, [, power]) => sum + power, 0);
  return {
    offsetsHz: Float64Array.from(present, ([hz]) => hz),
    shares: Float64Array.from(present, ([, power]) => power / total),
  };
}

const DRAWS = 2 ** 16;

/** Draws of the mean of `averages` periodograms of noise, and standard normal ones, to be read from any place. */
export class PowerDraws {
  readonly powers: Float32Array;
  readonly normals: Float32Array;

  constructor(averages: number, seed: number) {
    const random = new Random(seed, 9);
    // Past a hundred averages the gamma distribution is a normal one, to a few per cent of its width.
    const draw = (): number =>
      averages <= 100 ? random.averagedPower(averages) : Math.max(0.01, 1 + random.gaussian() / Math.sqrt(averages));
    this.powers = Float32Array.from({ length: DRAWS }, draw);
    this.normals = Float32Array.from({ length: DRAWS }, () => random.gaussian());
  }

  static readonly mask = DRAWS - 1;
}
