import { randomUUID } from 'node:crypto';
import type { Clock, Store } from '../../core/ports.ts';
import type { Account, ApiToken, SessionRecord } from '../../core/records.ts';
import { newSecret, secretHash } from './secrets.ts';

export const SESSION_COOKIE = 'bandwarden_session';
const TOKEN_PREFIX = 'bw_';
const HOUR_MS = 3_600_000;
/** A session's or token's last use is written at most this often. */
const LAST_USE_MS = 60_000;

/** Who asks, and by what right. */
export interface Principal {
  readonly account: Account;
  readonly by: 'session' | 'token';
  /** Hash of the session's or token's value. */
  readonly secretHash: string;
}

interface Credentials {
  readonly authorization?: string | undefined;
  /** The session cookie's value. */
  readonly session?: string | undefined;
}

export interface IdentityOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly sessionHours: number;
}

/** Sessions (cookies) and API tokens: makes them, finds who is behind them, ends them. */
export class Identity {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #sessionMs: number;

  constructor({ store, clock, sessionHours }: IdentityOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#sessionMs = sessionHours * HOUR_MS;
  }

  /** A bearer token counts before a cookie; null where neither holds. */
  async identify({ authorization, session }: Credentials): Promise<Principal | null> {
    if (authorization !== undefined) {
      const [, secret] = /^Bearer (\S{1,200})$/i.exec(authorization) ?? [];
      return secret === undefined ? null : await this.#byToken(secretHash(secret));
    }
    return session === undefined || session === '' ? null : await this.#bySession(secretHash(session));
  }

  /** Asked again for connections that stay open: false once the session ended or the account was disabled. */
  async stillHolds({ by, secretHash: hash, account }: Principal): Promise<boolean> {
    const record = by === 'session' ? await this.#liveSession(hash) : await this.#liveToken(hash);
    return record !== null && (await this.#activeAccount(account.id)) !== null;
  }

  /** The cookie's value: told once, kept nowhere. */
  async openSession(account: Account): Promise<string> {
    const secret = newSecret();
    const now = this.#clock.nowMs();
    await this.#store.sessions.removeExpired(now);
    await this.#store.sessions.put({
      tokenHash: secretHash(secret),
      accountId: account.id,
      createdMs: now,
      lastSeenMs: now,
      expiresMs: now + this.#sessionMs,
    });
    return secret;
  }

  async makeToken(
    account: Account,
    label: string,
    expiresMs: number | null,
  ): Promise<{ token: ApiToken; secret: string }> {
    const secret = `${TOKEN_PREFIX}${newSecret()}`;
    const token: ApiToken = {
      id: randomUUID(),
      tokenHash: secretHash(secret),
      accountId: account.id,
      label,
      createdMs: this.#clock.nowMs(),
      expiresMs,
      lastUsedMs: null,
    };
    await this.#store.tokens.put(token);
    return { token, secret };
  }

  async #activeAccount(id: string): Promise<Account | null> {
    const account = await this.#store.accounts.byId(id);
    return account === null || account.disabled ? null : account;
  }

  async #liveSession(hash: string): Promise<SessionRecord | null> {
    const session = await this.#store.sessions.get(hash);
    return session !== null && session.expiresMs > this.#clock.nowMs() ? session : null;
  }

  async #liveToken(hash: string): Promise<ApiToken | null> {
    const token = await this.#store.tokens.byHash(hash);
    return token !== null && (token.expiresMs === null || token.expiresMs > this.#clock.nowMs()) ? token : null;
  }

  async #bySession(hash: string): Promise<Principal | null> {
    const session = await this.#liveSession(hash);
    const account = session === null ? null : await this.#activeAccount(session.accountId);
    if (session === null || account === null) return null;
    const now = this.#clock.nowMs();
    if (now - session.lastSeenMs >= LAST_USE_MS) {
      await this.#store.sessions.put({ ...session, lastSeenMs: now, expiresMs: now + this.#sessionMs });
    }
    return { account, by: 'session', secretHash: hash };
  }

  async #byToken(hash: string): Promise<Principal | null> {
    const token = await this.#liveToken(hash);
    const account = token === null ? null : await this.#activeAccount(token.accountId);
    if (token === null || account === null) return null;
    const now = this.#clock.nowMs();
    if (token.lastUsedMs === null || now - token.lastUsedMs >= LAST_USE_MS) {
      await this.#store.tokens.put({ ...token, lastUsedMs: now });
    }
    return { account, by: 'token', secretHash: hash };
  }
}
