/** Where the person is: everything that a link to a page carries. */
export type Route =
  | { readonly page: 'setup'; readonly token: string }
  | { readonly page: 'login'; readonly next: string }
  | LiveRoute
  | AlertsRoute
  | ReceiversRoute
  | { readonly page: 'missing' };

export interface LiveRoute {
  readonly page: 'live';
  readonly receiver: string | null;
  readonly fromHz: number | null;
  readonly toHz: number | null;
  readonly emission: string | null;
  readonly wall: boolean;
}

export const ALERT_FILTERS = ['open', 'raised', 'acknowledged', 'closed', 'all'] as const;
export type AlertFilter = (typeof ALERT_FILTERS)[number];

export interface AlertsRoute {
  readonly page: 'alerts';
  readonly alert: string | null;
  readonly filter: AlertFilter;
}

export interface ReceiversRoute {
  readonly page: 'receivers';
  /** Whose details are shown. */
  readonly receiver: string | null;
}

export const LIVE: LiveRoute = { page: 'live', receiver: null, fromHz: null, toHz: null, emission: null, wall: false };

export function parseRoute(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  switch (path.replace(/\/+$/, '')) {
    case '':
    case '/live':
      return parseLive(query);
    case '/alerts':
      return { page: 'alerts', alert: query.get('id'), filter: parseFilter(query.get('state')) };
    case '/receivers':
      return { page: 'receivers', receiver: query.get('rx') };
    case '/login':
      return { page: 'login', next: safeNext(query.get('next')) };
    case '/setup':
      return { page: 'setup', token: query.get('token') ?? '' };
    default:
      return { page: 'missing' };
  }
}

function parseLive(query: URLSearchParams): LiveRoute {
  const fromHz = parseHz(query.get('from'));
  const toHz = parseHz(query.get('to'));
  const ordered = fromHz !== null && toHz !== null && fromHz < toHz;
  return {
    page: 'live',
    receiver: query.get('rx'),
    fromHz: ordered ? fromHz : null,
    toHz: ordered ? toHz : null,
    emission: query.get('emission'),
    wall: query.get('view') === 'wall',
  };
}

function parseHz(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

function parseFilter(text: string | null): AlertFilter {
  return ALERT_FILTERS.find((filter) => filter === text) ?? 'open';
}

/** A page of ours to go to after signing in; an address elsewhere would be an open redirect. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/live';
}

export function formatRoute(route: Route): string {
  const query = new URLSearchParams();
  const put = (key: string, value: string | number | null) => {
    if (value !== null && value !== '') query.set(key, String(value));
  };
  switch (route.page) {
    case 'live':
      put('rx', route.receiver);
      put('from', route.fromHz === null ? null : Math.round(route.fromHz));
      put('to', route.toHz === null ? null : Math.round(route.toHz));
      put('emission', route.emission);
      put('view', route.wall ? 'wall' : null);
      break;
    case 'alerts':
      put('id', route.alert);
      put('state', route.filter === 'open' ? null : route.filter);
      break;
    case 'receivers':
      put('rx', route.receiver);
      break;
    case 'login':
      put('next', route.next === '/live' ? null : route.next);
      break;
    case 'setup':
      put('token', route.token);
      break;
    default:
  }
  const page = route.page === 'missing' ? 'live' : route.page;
  const search = query.toString();
  return search ? `/${page}?${search}` : `/${page}`;
}
