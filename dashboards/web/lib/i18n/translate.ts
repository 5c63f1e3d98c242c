import type { Locale } from '../settings.ts';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

export type Key = keyof typeof en;

export const DICTIONARIES: Readonly<Record<Locale, Readonly<Record<Key, string>>>> = { en, 'zh-CN': zhCn };

export type Fillings = Readonly<Record<string, string | number>>;

/** The text of `key`, with each `{name}` replaced by its filling. */
export function translate(locale: Locale, key: Key, fillings: Fillings = {}): string {
  return DICTIONARIES[locale][key].replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    name in fillings ? String(fillings[name]) : placeholder,
  );
}

/** The key `prefix` + `name` where the dictionary has it: rules and kinds that a later service adds have none yet. */
export function knownKey(prefix: string, name: string): Key | null {
  const key = prefix + name;
  return key in en ? (key as Key) : null;
}
