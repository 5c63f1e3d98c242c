import { writeFileSync } from 'node:fs';
import * as d3 from 'd3';
import type { BenchLine } from '../report.ts';
import { AVERAGES, SIGNALS, theoreticalSnrDb } from './sensitivity.ts';

const SIZE = { width: 720, height: 420, left: 56, right: 190, top: 16, bottom: 44 };
const COLOURS = ['#1f5fa8', '#b0561e', '#2f7d4f'];

/** Measured SNR for nine detections in ten (points) against the radiometer (lines), over the averages, as an SVG picture. */
export function plotSensitivity(lines: readonly BenchLine[], file: string): void {
  const x = d3.scaleLog([AVERAGES[0], AVERAGES[AVERAGES.length - 1]], [SIZE.left, SIZE.width - SIZE.right]).base(2);
  const y = d3.scaleLinear([-6, 24], [SIZE.height - SIZE.bottom, SIZE.top]);
  const text = (at: readonly [number, number], label: string, anchor = 'middle', fill = '#222') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" text-anchor="${anchor}" fill="${fill}">${label}</text>`;
  const parts = [
    ...y
      .ticks(7)
      .flatMap((db) => [
        `<path d="M${SIZE.left} ${y(db)}H${SIZE.width - SIZE.right}" stroke="#ddd"/>`,
        text([SIZE.left - 8, y(db) + 4], String(db), 'end'),
      ]),
    ...AVERAGES.map((averages) => text([x(averages), SIZE.height - SIZE.bottom + 18], String(averages))),
    text([(SIZE.left + SIZE.width - SIZE.right) / 2, SIZE.height - 8], 'periodograms averaged'),
    text([SIZE.left, SIZE.top - 3], 'SNR for 90 % detection, dB, at 1e-4 a bin', 'start'),
    ...SIGNALS.flatMap((signal, i) => {
      const theory = d3.line<number>(x, (averages) => y(theoreticalSnrDb({ signal, averages, probability: 1e-4 })));
      const measured = lines.filter(({ case: of }) => of.signal === signal && of.probability === 1e-4);
      const legendY = SIZE.top + 24 + 22 * i;
      return [
        `<path d="${theory([...AVERAGES])}" fill="none" stroke="${COLOURS[i]}" stroke-width="1.5"/>`,
        ...measured.map(
          ({ case: of, value }) =>
            `<circle cx="${x(Number(of.averages)).toFixed(1)}" cy="${y(value).toFixed(1)}" r="4" fill="${COLOURS[i]}"/>`,
        ),
        text([SIZE.width - SIZE.right + 16, legendY], signal, 'start', COLOURS[i]),
      ];
    }),
    text([SIZE.width - SIZE.right + 16, SIZE.top + 24 + 22 * SIGNALS.length], 'line theory, point measured', 'start'),
  ];
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12">\n<title>Sensitivity of detection against theory</title>`;
  const ground = `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#fff"/>`;
  writeFileSync(file, `${open}\n${[ground, ...parts].join('\n')}\n</svg>\n`);
}
