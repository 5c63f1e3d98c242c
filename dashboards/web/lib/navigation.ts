import { Observable } from './observable.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';

/** The address bar: the one place where "which page" is kept. */
export class Navigation extends Observable<Route> {
  constructor() {
    super(parseRoute(location.pathname, location.search));
    window.addEventListener('popstate', () => this.set(parseRoute(location.pathname, location.search)));
  }

  /** Goes to `route`; `replace` leaves no step in the history (pans and selections). */
  go(route: Route, replace = false): void {
    const address = formatRoute(route);
    if (address !== location.pathname + location.search) {
      if (replace) history.replaceState(null, '', address);
      else history.pushState(null, '', address);
    }
    this.set(route);
  }

  /** For links: lets the browser have middle clicks and the like, takes the plain ones. */
  follow(event: MouseEvent, route: Route): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.go(route);
  }
}
