import { Observable } from './observable.ts';

export const LOCALES = ['en', 'zh-CN'] as const;
export type Locale = (typeof LOCALES)[number];
export const THEMES = ['dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];
export const TIME_ZONES = ['local', 'utc'] as const;
export type TimeZoneChoice = (typeof TIME_ZONES)[number];
export const PALETTES = ['viridis', 'turbo', 'grey'] as const;
export type PaletteName = (typeof PALETTES)[number];
export const ROW_RATES = [5, 10, 20] as const;
export type RowRate = (typeof ROW_RATES)[number];

/** What one person chose in one browser. */
export interface Settings {
  readonly locale: Locale;
  readonly theme: Theme;
  readonly timeZone: TimeZoneChoice;
  readonly sound: boolean;
  readonly singleKeys: boolean;
  readonly palette: PaletteName;
  readonly rowsPerSecond: RowRate;
  readonly showLive: boolean;
  readonly showAverage: boolean;
  readonly showMax: boolean;
  readonly showMarks: boolean;
  readonly sidePanel: boolean;
}

/** Defaults for a browser that prefers `languages`; dark, for the night shift. */
export function defaultSettings(languages: readonly string[]): Settings {
  return {
    locale: languages[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en',
    theme: 'dark',
    timeZone: 'local',
    sound: false,
    singleKeys: true,
    palette: 'viridis',
    rowsPerSecond: 20,
    showLive: true,
    showAverage: false,
    showMax: true,
    showMarks: true,
    sidePanel: true,
  };
}

const CHOICES: Partial<Record<keyof Settings, readonly unknown[]>> = {
  locale: LOCALES,
  theme: THEMES,
  timeZone: TIME_ZONES,
  palette: PALETTES,
  rowsPerSecond: ROW_RATES,
};

/** Reads what an earlier visit stored; whatever is not understood falls back to the default. */
export function parseSettings(text: string | null, defaults: Settings): Settings {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    return defaults;
  }
  if (typeof stored !== 'object' || stored === null) return defaults;
  const known = Object.entries(defaults).map(([key, fallback]) => {
    const value: unknown = (stored as Record<string, unknown>)[key];
    const choices = CHOICES[key as keyof Settings];
    const valid = choices ? choices.includes(value) : typeof value === typeof fallback;
    return [key, valid ? value : fallback];
  });
  return Object.fromEntries(known) as Settings;
}

const STORAGE_KEY = 'bandwarden.settings';

/** The part of `localStorage` that is used; browsers may refuse it in private windows. */
export interface SettingsStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export class SettingsStore extends Observable<Settings> {
  readonly #storage: SettingsStorage | null;

  constructor(storage: SettingsStorage | null, languages: readonly string[]) {
    super(parseSettings(storage?.getItem(STORAGE_KEY) ?? null, defaultSettings(languages)));
    this.#storage = storage;
  }

  change(changes: Partial<Settings>): void {
    this.set({ ...this.value, ...changes });
    try {
      this.#storage?.setItem(STORAGE_KEY, JSON.stringify(this.value));
    } catch {
      // A full or refused storage costs only the memory of the choice.
    }
  }
}
