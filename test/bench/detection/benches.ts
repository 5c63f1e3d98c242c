import { burstsBench } from './bursts.ts';
import type { DetectionBench } from './detection-bench.ts';
import { falseAlarmsBench } from './false-alarms.ts';
import { modulationBench } from './modulation.ts';
import { sensitivityBench } from './sensitivity.ts';
import { truthSetBench } from './truth-set-bench.ts';

// What a part and a result are is known to the bench alone.
type AnyBench = DetectionBench<never, never> & DetectionBench<unknown, unknown>;

export const BENCHES: Readonly<Record<string, AnyBench>> = Object.fromEntries(
  [falseAlarmsBench, sensitivityBench, burstsBench, truthSetBench, modulationBench].map((bench) => [
    bench.name,
    bench as AnyBench,
  ]),
);
