import type { Api, Person } from './api.ts';
import type { LiveConnection } from './live/connection.ts';
import type { Navigation } from './navigation.ts';
import type { Observable } from './observable.ts';
import type { SettingsStore } from './settings.ts';

/** What every element of the dashboard works with; made once in main.ts. */
export interface App {
  readonly api: Api;
  readonly live: LiveConnection;
  readonly navigation: Navigation;
  readonly settings: SettingsStore;
  /** Who is signed in; null before and after. */
  readonly person: Observable<Person | null>;
}
