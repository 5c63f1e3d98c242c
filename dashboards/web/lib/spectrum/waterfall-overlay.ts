import type { CoverageGap } from '../../../../src/core/coverage.ts';
import type { EmissionRecord } from '../../../../src/core/records.ts';
import type { PlotColours } from './colours.ts';
import type { RowRing } from './row-ring.ts';
import { positionPx, type ViewRange } from './view-range.ts';

/** Draws the times at the waterfall's left edge: one about every 56 pixels, at whole steps of time. */
export function drawTimes(
  context: CanvasRenderingContext2D,
  ring: RowRing,
  rowPx: number,
  scale: number,
  colours: PlotColours,
  font: string,
  text: (ms: number) => string,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const rows = Math.min(ring.filled, Math.ceil(height / rowPx));
  if (rows < 2) return;
  context.font = `${11 * scale}px ${font}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillStyle = colours.text;
  // Stored rows are seconds apart, live ones fractions of one: the step follows the rate where the label stands.
  const reach = Math.ceil((LABEL_EVERY_PX * scale) / rowPx / 2);
  let lastY = -Number.MAX_VALUE;
  for (let age = 1; age < rows; age++) {
    const y = age * rowPx;
    if (y < 8 * scale || y > height - 6 * scale || y - lastY < (LABEL_EVERY_PX * scale) / 2) continue;
    const [newer, older] = [Math.max(0, age - reach), Math.min(rows - 1, age + reach)];
    const msPerPx = (ring.timeMs(newer)! - ring.timeMs(older)!) / ((older - newer) * rowPx);
    const stepMs = timeStepMs(msPerPx * LABEL_EVERY_PX * scale);
    const passed = Math.floor(ring.timeMs(age - 1)! / stepMs);
    if (Math.floor(ring.timeMs(age)! / stepMs) === passed) continue;
    context.fillText(text(passed * stepMs), width - 8 * scale, y);
    context.fillRect(width - 5 * scale, Math.round(y), 5 * scale, 1);
    lastY = y;
  }
}

const LABEL_EVERY_PX = 56;
const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

function timeStepMs(leastMs: number): number {
  return (TIME_STEPS_S.find((seconds) => seconds * 1000 >= leastMs) ?? 7200) * 1000;
}

/** Brackets over the time and the band of each emission on the waterfall. */
export function drawBrackets(
  context: CanvasRenderingContext2D,
  ring: RowRing,
  rowPx: number,
  scale: number,
  range: ViewRange,
  emissions: readonly EmissionRecord[],
  selected: string | null,
  colours: PlotColours,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  for (const emission of emissions) {
    const chosen = emission.id === selected;
    const top = emission.onAir ? 0 : ring.ageOfTime(emission.lastSeenMs) * rowPx;
    const bottom = Math.min(height, ring.ageOfTime(emission.firstSeenMs) * rowPx);
    if (top >= height || bottom - top < 1) continue;
    const middle = positionPx((emission.lowHz + emission.highHz) / 2, range, width);
    const half = Math.max(
      4 * scale,
      ((emission.highHz - emission.lowHz) / (range.highHz - range.lowHz) / 2) * width + scale,
    );
    bracket(context, middle - half, middle + half, top, bottom, Math.min(5 * scale, half));
    for (const [colour, extra] of [
      ['rgb(0 0 0 / 65%)', 2 * scale],
      [colours.verdicts[emission.verdict], 0],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = (chosen ? 2 : 1) * scale + extra;
      context.stroke();
    }
  }
}

const HATCH_PX = 7;
/** A gap that is no higher is a line without its cause beside it. */
const LABELLED_PX = 13;
const LEAST_GAP_PX = 2;

/** Hatches what the receiver did not observe, with the cause where there is room for it. */
export function drawGaps(
  context: CanvasRenderingContext2D,
  ring: RowRing,
  rowPx: number,
  scale: number,
  gaps: readonly CoverageGap[],
  font: string,
  text: (gap: CoverageGap) => string,
): void {
  const { width, height } = context.canvas;
  const oldestMs = ring.timeMs(Math.max(0, ring.filled - 1));
  if (oldestMs === null) return;
  for (const gap of gaps) {
    if (gap.toMs <= oldestMs) continue;
    const top = ring.ageOfTime(gap.toMs) * rowPx;
    const bottom = Math.max(top + LEAST_GAP_PX * scale, Math.min(height, ring.ageOfTime(gap.fromMs) * rowPx));
    if (top >= height) continue;
    hatch(context, top, bottom, scale);
    if (bottom - top < LABELLED_PX * scale) continue;
    context.font = `${11 * scale}px ${font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const label = text(gap);
    const half = context.measureText(label).width / 2 + 6 * scale;
    const middle = (top + bottom) / 2;
    context.fillStyle = GAP_SHADE;
    context.fillRect(width / 2 - half, middle - 8 * scale, 2 * half, 16 * scale);
    context.fillStyle = GAP_INK;
    context.fillText(label, width / 2, middle);
  }
}

/** Waterfall palettes are dark at their lowest level in both themes. */
const GAP_SHADE = 'rgba(10, 12, 16, 0.82)';
const GAP_INK = 'rgba(235, 238, 245, 0.92)';
const GAP_LINE = 'rgba(235, 238, 245, 0.38)';

function hatch(context: CanvasRenderingContext2D, top: number, bottom: number, scale: number): void {
  const { width } = context.canvas;
  const depth = bottom - top;
  context.save();
  context.beginPath();
  context.rect(0, top, width, depth);
  context.clip();
  context.fillStyle = GAP_SHADE;
  context.fillRect(0, top, width, depth);
  context.beginPath();
  for (let x = -depth; x < width; x += HATCH_PX * scale) {
    context.moveTo(x, bottom);
    context.lineTo(x + depth, top);
  }
  context.strokeStyle = GAP_LINE;
  context.lineWidth = scale;
  context.stroke();
  context.restore();
}

/** Corners only: the signal inside stays visible. */
function bracket(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  top: number,
  bottom: number,
  arm: number,
): void {
  const leg = Math.min(10 * (arm / 5), (bottom - top) / 2);
  context.beginPath();
  for (const [x, inward] of [
    [left, arm],
    [right, -arm],
  ]) {
    context.moveTo(x + inward, top);
    context.lineTo(x, top);
    context.lineTo(x, top + leg);
    context.moveTo(x + inward, bottom);
    context.lineTo(x, bottom);
    context.lineTo(x, bottom - leg);
  }
}
