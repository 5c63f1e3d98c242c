import { type BinGrid, type BinMap, mapBins, maxDbPerPixel, maxPerPixel } from './bin-map.ts';
import type { PlotColours } from './colours.ts';
import type { LevelRange } from './level-range.ts';
import type { Traces } from './traces.ts';
import type { ViewRange } from './view-range.ts';

export interface ScopeView {
  readonly grid: BinGrid;
  readonly range: ViewRange;
  readonly levels: LevelRange;
  readonly minLevel: number;
  readonly levelStepDb: number;
  readonly showLive: boolean;
  readonly showAverage: boolean;
  readonly showMax: boolean;
}

/** Draws the traces. Buffers are made anew only when the width changes. */
export class ScopePainter {
  readonly #context: CanvasRenderingContext2D;
  #bytes = new Int16Array(0);
  #db = new Float32Array(0);
  #map: BinMap | null = null;
  #mapKey = '';

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  draw(traces: Traces, view: ScopeView, colours: PlotColours, lineWidth: number): void {
    const context = this.#context;
    const { width, height } = context.canvas;
    context.clearRect(0, 0, width, height);
    if (width === 0) return;
    this.#fit(view, width);
    context.lineWidth = lineWidth;
    context.lineJoin = 'round';
    if (view.showMax) this.#bytesTrace(traces.max, view, colours.max, null);
    if (view.showLive) this.#bytesTrace(traces.live, view, colours.live, colours.fill);
    if (view.showAverage) {
      maxDbPerPixel(traces.averageDb(), this.#map!, this.#db);
      this.#stroke(view.levels, colours.average, null);
    }
  }

  #fit(view: ScopeView, width: number): void {
    if (this.#db.length !== width) {
      this.#bytes = new Int16Array(width);
      this.#db = new Float32Array(width);
    }
    const { grid, range } = view;
    const key = `${grid.startHz}/${grid.stepHz}/${grid.bins}/${range.lowHz}/${range.highHz}/${width}`;
    if (key === this.#mapKey) return;
    this.#mapKey = key;
    this.#map = mapBins(grid, range, width);
  }

  #bytesTrace(levels: Uint8Array, view: ScopeView, colour: string, fill: string | null): void {
    maxPerPixel(levels, this.#map!, this.#bytes);
    const db = this.#db;
    for (let i = 0; i < db.length; i++) {
      db[i] = this.#bytes[i] < 0 ? Number.NaN : view.minLevel + this.#bytes[i] * view.levelStepDb;
    }
    this.#stroke(view.levels, colour, fill);
  }

  #stroke(levels: LevelRange, colour: string, fill: string | null): void {
    const context = this.#context;
    const { height } = context.canvas;
    const perDb = height / (levels.high - levels.low);
    const db = this.#db;
    let first = -1;
    let last = -1;
    context.beginPath();
    for (let i = 0; i < db.length; i++) {
      const level = db[i];
      if (Number.isNaN(level)) continue;
      const y = (levels.high - level) * perDb;
      if (first < 0) {
        first = i;
        context.moveTo(i + 0.5, y);
      } else context.lineTo(i + 0.5, y);
      last = i;
    }
    if (first < 0) return;
    context.strokeStyle = colour;
    context.stroke();
    if (!fill) return;
    context.lineTo(last + 0.5, height);
    context.lineTo(first + 0.5, height);
    context.fillStyle = fill;
    context.fill();
  }
}
