import { type BinMap, mapBins } from './bin-map.ts';
import { type Palette, shadeOfByte } from './palettes.ts';
import type { WaterfallRenderer, WaterfallView } from './waterfall.ts';

/**
 * The waterfall without a graphics card. An off-screen image holds one line of pixels a row, as a ring;
 * a new row costs its own pixels, and the screen is two copies of the image's halves.
 */
export class CanvasWaterfall implements WaterfallRenderer {
  readonly kind = 'canvas';
  readonly #context: CanvasRenderingContext2D;
  readonly #store = document.createElement('canvas');
  readonly #storeContext: CanvasRenderingContext2D;
  readonly #colourOfByte = new Uint32Array(256);
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(this.#image.data.buffer);
  #map: BinMap | null = null;
  #drawn: WaterfallView | null = null;
  /** Rows of the ring that the image already holds. */
  #pushed = 0;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
    this.#storeContext = this.#store.getContext('2d')!;
  }

  draw(view: WaterfallView): void {
    const { width, height } = this.#context.canvas;
    const lines = Math.min(view.ring.capacity, Math.ceil(height / view.rowPx));
    if (width === 0 || lines === 0) return;
    if (!this.#holds(view, width, lines)) this.#startOver(view, width, lines);
    this.#drawn = view;
    this.#addRows(view, lines);
    this.#show(view, lines);
  }

  #holds(view: WaterfallView, width: number, lines: number): boolean {
    const drawn = this.#drawn;
    return (
      drawn !== null &&
      drawn.ring === view.ring &&
      drawn.range.lowHz === view.range.lowHz &&
      drawn.range.highHz === view.range.highHz &&
      drawn.lowByte === view.lowByte &&
      drawn.highByte === view.highByte &&
      drawn.palette === view.palette &&
      this.#store.width === width &&
      this.#store.height === lines
    );
  }

  #startOver(view: WaterfallView, width: number, lines: number): void {
    if (this.#store.width !== width || this.#store.height !== lines) {
      this.#store.width = width;
      this.#store.height = lines;
      this.#image = new ImageData(width, lines);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    this.#map = mapBins(view.ring.grid, view.range, width);
    paletteWords(view.palette, view.lowByte, view.highByte, this.#colourOfByte);
    // Transparent where no row is yet: the plot's background shows.
    this.#pixels.fill(0);
    this.#pushed = Math.max(0, view.ring.pushed - Math.min(lines, view.ring.filled));
    for (let row = this.#pushed; row < view.ring.pushed; row++) this.#paint(view, row, lines);
    this.#pushed = view.ring.pushed;
    this.#storeContext.putImageData(this.#image, 0, 0);
  }

  #addRows(view: WaterfallView, lines: number): void {
    const { ring } = view;
    this.#pushed = Math.max(this.#pushed, ring.pushed - lines);
    for (; this.#pushed < ring.pushed; this.#pushed++) {
      this.#paint(view, this.#pushed, lines);
      this.#storeContext.putImageData(this.#image, 0, 0, 0, this.#pushed % lines, this.#store.width, 1);
    }
  }

  /** Row number `row` of all that were pushed into its line of the image. */
  #paint(view: WaterfallView, row: number, lines: number): void {
    const levels = view.ring.slot(row % view.ring.capacity);
    const { low, high, widthPx } = this.#map!;
    const colours = this.#colourOfByte;
    const pixels = this.#pixels;
    const offset = (row % lines) * widthPx;
    for (let i = 0; i < widthPx; i++) {
      let k = low[i];
      if (k < 0) {
        pixels[offset + i] = 0;
        continue;
      }
      let best = levels[k];
      for (const last = high[i]; k < last; ) {
        const level = levels[++k];
        if (level > best) best = level;
      }
      pixels[offset + i] = colours[best];
    }
  }

  /** The newest row stands in line (pushed − 1) mod lines; time runs down the screen, so the image is flipped. */
  #show(view: WaterfallView, lines: number): void {
    const context = this.#context;
    const { width, height } = context.canvas;
    const newest = (((view.ring.pushed - 1) % lines) + lines) % lines;
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, width, height);
    context.setTransform(1, 0, 0, -view.rowPx, 0, 0);
    context.drawImage(this.#store, 0, 0, width, newest + 1, 0, -(newest + 1), width, newest + 1);
    const rest = lines - newest - 1;
    if (rest > 0) context.drawImage(this.#store, 0, newest + 1, width, rest, 0, -lines, width, rest);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  dispose(): void {
    this.#store.width = 0;
  }
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** The palette as one 32-bit word a byte of level, in the order of ImageData's bytes: R, G, B, A. */
function paletteWords(palette: Palette, lowByte: number, highByte: number, words: Uint32Array): void {
  for (let byte = 0; byte < 256; byte++) {
    const at = shadeOfByte(byte, lowByte, highByte) * 4;
    const [red, green, blue] = [palette[at], palette[at + 1], palette[at + 2]];
    words[byte] = LITTLE_ENDIAN
      ? ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
      : ((red << 24) | (green << 16) | (blue << 8) | 255) >>> 0;
  }
}
