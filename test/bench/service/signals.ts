import { type Emitter, renderScene } from '../../../src/simulation/scene.ts';

/**
 * What the receivers of the load hear, rendered once and played over and over: `loops[0]` is the usual traffic of a
 * land-mobile band, `loops[1 + k]` the same with an unassigned handheld at OFFSETS_HZ[k]. Nothing is on the air where a
 * loop begins anew, so its seam is no signal.
 */
export const RATE_HZ = 2.4e6;
export const BLOCK_PAIRS = 2 ** 17;
export const BLOCK_SECONDS = BLOCK_PAIRS / RATE_HZ;
export const LOOP_BLOCKS = 16;
export const LOOP_SECONDS = LOOP_BLOCKS * BLOCK_SECONDS;

const TRAFFIC_OFFSETS_HZ = [-870e3, -312.5e3, 225e3, 612.5e3];
export const CHANNEL_HZ = 25e3;
/** Where in a loop the transmissions begin and end, seconds. */
export const EVENT_START_SECONDS = 0.1;
const EVENT_STOP_SECONDS = 0.77;
const CLEAR_HZ = 50e3;
/** Offsets of the unassigned handhelds: clear of the traffic, of the centre, and of each other. */
export const OFFSETS_HZ = Array.from({ length: 33 }, (_, k) => -1_000e3 + 62.5e3 * k)
  .filter((hz) => [0, ...TRAFFIC_OFFSETS_HZ].every((taken) => Math.abs(hz - taken) > CLEAR_HZ))
  .slice(0, 16);

/** Receivers stand side by side in frequency, so that each hears transmitters of its own. */
export function centerOf(receiver: number): number {
  return 140e6 + 3e6 * receiver;
}

export function trafficOf(receiver: number): number[] {
  return TRAFFIC_OFFSETS_HZ.map((offsetHz) => centerOf(receiver) + offsetHz);
}

function voiceAt(offsetHz: number, startSeconds: number, snrDb: number): Emitter {
  return {
    name: `handheld at ${offsetHz}`,
    signal: { kind: 'nfm', audio: 'voice', deviationHz: 2_500 },
    centerHz: offsetHz,
    snrDb,
    schedule: [[startSeconds, EVENT_STOP_SECONDS]],
  };
}

/** One loop, cu8; `event` null: the traffic alone. */
export function renderLoop(event: number | null): Uint8Array {
  const traffic = TRAFFIC_OFFSETS_HZ.map((offsetHz, i) => voiceAt(offsetHz, 0.05 + 0.01 * i, 18 + 4 * i));
  const unassigned = event === null ? [] : [voiceAt(OFFSETS_HZ[event], EVENT_START_SECONDS, 25)];
  const receiver = { sampleRateHz: RATE_HZ, centerHz: 0, format: 'cu8', noiseDbfs: -38 } as const;
  return renderScene({ seed: 3, receiver, emitters: [...traffic, ...unassigned] }, LOOP_SECONDS).samples;
}
