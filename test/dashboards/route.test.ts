import { describe, expect, it } from 'vitest';
import { formatRoute, LIVE, parseRoute, safeNext } from '../../dashboards/web/lib/route.ts';
import { defaultSettings, parseSettings } from '../../dashboards/web/lib/settings.ts';

describe('addresses', () => {
  it('carry receiver, span and selection of the live page', () => {
    const route = { ...LIVE, receiver: 'tower-fm', fromHz: 98e6, toHz: 99e6, emission: 'tower-fm-abc-1' };
    const address = formatRoute(route);
    expect(address).toBe('/live?rx=tower-fm&from=98000000&to=99000000&emission=tower-fm-abc-1');
    expect(parseRoute('/live', address.slice(address.indexOf('?')))).toEqual(route);
  });

  it.each(['?from=99&to=98', '?from=x&to=5', '?from=-1&to=5', '?from=5', '?from=&to='])(
    'with a senseless span %s show the full one',
    (search) => {
      expect(parseRoute('/live', search)).toEqual(LIVE);
    },
  );

  it('carry the alert and the filter', () => {
    expect(parseRoute('/alerts', '?id=a1&state=closed')).toEqual({ page: 'alerts', alert: 'a1', filter: 'closed' });
    expect(formatRoute({ page: 'alerts', alert: null, filter: 'open' })).toBe('/alerts');
    expect(parseRoute('/alerts', '?state=nonsense')).toEqual({ page: 'alerts', alert: null, filter: 'open' });
  });

  it('lead to the live page from the root, and nowhere from elsewhere', () => {
    expect(parseRoute('/', '')).toEqual(LIVE);
    expect(parseRoute('/live/', '')).toEqual(LIVE);
    expect(parseRoute('/etc', '')).toEqual({ page: 'missing' });
  });

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    null,
    '/login?next=/login',
  ])('to go to after signing in never leave the service: %s', (next) => {
    expect(safeNext(next)).toBe('/live');
  });
});

describe('settings', () => {
  const defaults = defaultSettings(['zh-Hans-CN', 'en']);

  it('begin dark, in the browser’s language', () => {
    expect(defaults).toMatchObject({ theme: 'dark', locale: 'zh-CN' });
    expect(defaultSettings(['de-DE']).locale).toBe('en');
    expect(defaultSettings([]).locale).toBe('en');
  });

  it.each([null, '', '{', '[]', 'null', '{"theme":"pink","sound":"yes","rowsPerSecond":1000}'])(
    'fall back where %s was stored',
    (text) => {
      expect(parseSettings(text, defaults)).toEqual(defaults);
    },
  );

  it('take what is understood', () => {
    expect(parseSettings('{"theme":"light","sound":true,"extra":1}', defaults)).toEqual({
      ...defaults,
      theme: 'light',
      sound: true,
    });
  });
});
