import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../dashboards/web/lib/i18n/en.ts';
import { explainReason } from '../../dashboards/web/lib/i18n/reasons.ts';
import { type Key, knownKey, translate } from '../../dashboards/web/lib/i18n/translate.ts';
import { zhCn } from '../../dashboards/web/lib/i18n/zh-cn.ts';
import { ARTEFACTS, EMISSION_KINDS, VERDICTS } from '../../src/core/emission.ts';
import { ALERT_STATES, RECEIVER_STATES, ROLES, SEVERITIES } from '../../src/core/records.ts';

const KEYS = Object.keys(en) as Key[];
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('the dictionaries', () => {
  it('have the same keys, none empty', () => {
    expect(Object.keys(zhCn).sort()).toEqual([...KEYS].sort());
    for (const key of KEYS) {
      expect(en[key].trim(), key).not.toBe('');
      expect(zhCn[key].trim(), key).not.toBe('');
    }
  });

  it('fill in the same things in both languages', () => {
    for (const key of KEYS) expect(placeholders(zhCn[key]), key).toEqual(placeholders(en[key]));
  });

  it('name every state, verdict and kind of the service', () => {
    const families: readonly [string, readonly string[]][] = [
      ['verdict.', VERDICTS],
      ['emission.kind.', EMISSION_KINDS],
      ['artefact.', ARTEFACTS],
      ['severity.', SEVERITIES],
      ['alert.state.', ALERT_STATES],
      ['state.', RECEIVER_STATES],
      ['role.', ROLES],
    ];
    for (const [prefix, names] of families)
      for (const name of names) expect(knownKey(prefix, name)).toBe(prefix + name);
  });

  it('hold no key that no page uses', () => {
    const root = join(import.meta.dirname, '../../dashboards/web');
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.includes('i18n'))
      .map((path) => readFileSync(join(root, path), 'utf8'))
      .join('\n');
    // A family is used as `verdict.${…}`.
    const used = (key: string) =>
      sources.includes(`'${key}'`) ||
      key.split('.').some((_, i, parts) => i > 0 && sources.includes(`${parts.slice(0, i).join('.')}.\${`)) ||
      sources.includes(`'${key.slice(0, key.lastIndexOf('.') + 1)}'`);
    expect(KEYS.filter((key) => !used(key))).toEqual([]);
  });

  it('fill placeholders and leave unknown ones visible', () => {
    expect(translate('en', 'alerts.count', { count: 3 })).toBe('3 alerts');
    expect(translate('zh-CN', 'receivers.summary', { online: 2, total: 5 })).toBe('5 台中 2 台在线');
    expect(translate('en', 'alerts.count')).toBe('{count} alerts');
  });
});

describe('reasons of the service', () => {
  it('are told in Chinese where their form is known, else as they are', () => {
    expect(explainReason('bandwidth 240.0 kHz, assigned 180.0 kHz', 'zh-CN')).toBe(
      '带宽 240.0 kHz，核定带宽 180.0 kHz',
    );
    expect(explainReason('/dev/ttyACM0 is held by another program', 'zh-CN')).toBe('端口 /dev/ttyACM0 被其他程序占用');
    const strange = 'bytes come, but no packet among them: is 115200 its baud rate?';
    expect(explainReason(strange, 'zh-CN')).toBe('收到的数据无法识别，请检查波特率是否为 115200');
    expect(explainReason('something new', 'zh-CN')).toBe('something new');
    expect(explainReason('something new', 'en')).toBe('something new');
  });
});
