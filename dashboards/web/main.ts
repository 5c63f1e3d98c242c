import { ApiError, api, type Person } from './lib/api.ts';
import type { App } from './lib/app.ts';
import { LiveConnection } from './lib/live/connection.ts';
import { takeAlerts } from './lib/live/state.ts';
import { Navigation } from './lib/navigation.ts';
import { Observable } from './lib/observable.ts';
import { formatRoute, LIVE, parseRoute } from './lib/route.ts';
import { SettingsStore } from './lib/settings.ts';
import { BandwardenApp } from './shell/bandwarden-app.ts';

/** Alerts that are loaded at the start; older ones are fetched when a link leads to them. */
const ALERTS_LOADED = 500;
const SESSION_RETRY_MS = 3000;

const person = new Observable<Person | null>(null);
const navigation = new Navigation();
const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
const live = new LiveConnection(address, () => void checkSession());
const settings = new SettingsStore(storage(), navigator.languages);
const app: App = { api, live, navigation, settings, person };

/** Browsers that keep nothing throw at the mere mention. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** A line that is refused may mean that the session is over. */
async function checkSession(): Promise<void> {
  try {
    await api.session();
  } catch (error) {
    if (error instanceof ApiError && error.code === 'unauthenticated') person.set(null);
  }
}

/** Alerts first, so that the line asks only for what came after them. */
async function begin(): Promise<void> {
  try {
    const alerts = await api.alerts(ALERTS_LOADED);
    live.update((state) => takeAlerts(state, alerts));
  } catch {
    // The line then brings all of them.
  }
  if (person.value) live.start();
}

function whoChanged(who: Person | null): void {
  const route = navigation.value;
  if (who) {
    if (route.page === 'login') navigation.go(parseRoute(...split(route.next)), true);
    else if (route.page === 'setup') navigation.go(LIVE, true);
    void begin();
  } else {
    live.stop();
    const next = route.page === 'login' || route.page === 'setup' ? '/live' : formatRoute(route);
    if (route.page !== 'setup') navigation.go({ page: 'login', next }, true);
  }
}

function split(next: string): [string, string] {
  const { pathname, search } = new URL(next, location.origin);
  return [pathname, search];
}

/** Who is signed in already? Asked until the service answers. */
async function recall(): Promise<void> {
  try {
    person.set(await api.session());
  } catch (error) {
    if (error instanceof ApiError && error.code !== 'network' && error.code !== 'unavailable') await welcome();
    else window.setTimeout(() => void recall(), SESSION_RETRY_MS);
  }
}

/** Nobody: to the sign-in page, or to the first account where there is none. */
async function welcome(): Promise<void> {
  if (navigation.value.page === 'setup') return;
  const needed = await api.setupNeeded().catch(() => false);
  if (needed) navigation.go({ page: 'setup', token: '' }, true);
  else whoChanged(null);
}

person.watch(whoChanged);
const root = new BandwardenApp();
root.app = app;
document.body.append(root);
void recall();
