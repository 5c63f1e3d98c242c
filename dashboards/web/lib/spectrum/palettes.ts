import { interpolateTurbo, interpolateViridis, rgb } from 'd3';
import type { PaletteName } from '../settings.ts';

/** 256 colours, 4 bytes each: red, green, blue, 255. */
export type Palette = Uint8Array;

const SOURCES: Readonly<Record<PaletteName, (share: number) => string>> = {
  viridis: interpolateViridis,
  turbo: interpolateTurbo,
  grey: (share) => {
    const value = Math.round(10 + share * 245);
    return `rgb(${value},${value},${value})`;
  },
};

export function palette(name: PaletteName): Palette {
  const colours = new Uint8Array(256 * 4);
  for (let i = 0; i < 256; i++) {
    const colour = rgb(SOURCES[name](i / 255));
    colours.set([colour.r, colour.g, colour.b, 255], i * 4);
  }
  return colours;
}

/** Colour index 0–255 of a byte, for levels shown from byte `low` to byte `high`. */
export function shadeOfByte(byte: number, low: number, high: number): number {
  const shade = Math.round(((byte - low) / (high - low)) * 255);
  return shade < 0 ? 0 : shade > 255 ? 255 : shade;
}
