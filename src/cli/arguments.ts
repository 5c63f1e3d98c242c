import { InvalidArgumentError } from 'commander';

const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** Hz as people write it: 433920000, 433.92M, 250k, 2.4e6. */
export function frequencyArgument(text: string): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kMG]?)(?:Hz)?$/.exec(text.trim());
  const value = match ? Number(match[1]) * FACTORS[match[2]] : Number.NaN;
  if (!Number.isFinite(value))
    throw new InvalidArgumentError('expected a frequency in Hz, such as 433920000 or 433.92M');
  return value;
}
