import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import { type Account, ROLES } from '../../core/records.ts';
import { permissionsOf, roleMayTakeFrom } from '../access.ts';
import { SESSION_COOKIE } from '../auth/identity.ts';
import { checkPassword, hashPassword, verifyPassword } from '../auth/passwords.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway, GatewayDeps } from '../deps.ts';
import { principalOf, requireSession } from '../http/guards.ts';
import { NoContent, texts } from '../schemas/common.ts';
import { AccountSchema } from '../schemas/records.ts';

const Password = Type.String({ maxLength: 1024 });
const LoginBody = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 64 }), password: Password },
  { additionalProperties: false },
);
const PasswordBody = Type.Object({ current: Password, next: Password }, { additionalProperties: false });
export const SessionAnswer = Type.Object({ account: AccountSchema, permissions: texts, takesFrom: texts });

/** With what the role may do, and whose tasks it may take over: the pages offer nothing else. */
export function sessionOf(account: Account) {
  const takesFrom = ROLES.filter((holder) => roleMayTakeFrom(account.role, holder));
  return { account, permissions: permissionsOf(account.role), takesFrom };
}

/** Out of reach of scripts, never sent along by another site, and gone with the browser. */
function cookieOptions({ config }: Pick<GatewayDeps, 'config'>) {
  const secure = config.publicUrl?.startsWith('https:') ?? false;
  return { httpOnly: true, sameSite: 'strict', secure, path: '/' } as const;
}

export function setSessionCookie(reply: FastifyReply, value: string, deps: Pick<GatewayDeps, 'config'>): void {
  reply.setCookie(SESSION_COOKIE, value, cookieOptions(deps));
}

/** Five tries a minute for a name from an address, and sixty from an address for all names together. */
function loginLimits(app: Gateway): (request: FastifyRequest) => Promise<void> {
  const name = (request: FastifyRequest) =>
    (request.body as { name: string }).name.normalize('NFKC').toLowerCase().trim();
  const limits = [
    app.createRateLimit({
      max: 5,
      timeWindow: '1 minute',
      keyGenerator: (request) => `${request.ip} ${name(request)}`,
    }),
    app.createRateLimit({ max: 60, timeWindow: '1 minute', keyGenerator: ({ ip }) => ip }),
  ];
  return async (request) => {
    for (const limit of limits) {
      const state = await limit(request);
      if (!state.isAllowed && state.isExceeded) {
        throw new BandwardenError('limited', `too many attempts; try again in ${state.ttlInSeconds} s`);
      }
    }
  };
}

export function sessionRoutes(app: Gateway, context: RouteContext): void {
  const { store, identity, audit } = context;
  const checkLimits = loginLimits(app);

  async function login(request: FastifyRequest, name: string, password: string): Promise<Account> {
    const account = await store.accounts.byName(name.normalize('NFKC').trim());
    const right = await verifyPassword(account?.passwordHash ?? null, password);
    if (account !== null && right && !account.disabled) return account;
    await audit(account?.name ?? 'service', 'session.refused', name, request.ip);
    throw new BandwardenError('unauthenticated', 'the name or the password is wrong');
  }

  app.post(
    '/session',
    {
      config: { access: 'public' },
      schema: { tags: ['session'], summary: 'Logs in', body: LoginBody, response: { 200: SessionAnswer } },
      preHandler: async (request) => await checkLimits(request),
    },
    async (request, reply) => {
      const account = await login(request, request.body.name, request.body.password);
      setSessionCookie(reply, await identity.openSession(account), context);
      await audit(account.name, 'session.open', account.name, request.ip);
      return sessionOf(account);
    },
  );

  app.get(
    '/session',
    {
      config: { access: 'self' },
      schema: { tags: ['session'], summary: 'Who is logged in', response: { 200: SessionAnswer } },
    },
    async (request) => sessionOf(principalOf(request).account),
  );

  app.delete(
    '/session',
    { config: { access: 'self' }, schema: { tags: ['session'], summary: 'Logs out', response: { 204: NoContent } } },
    async (request, reply) => {
      const { account, secretHash } = requireSession(request);
      await store.sessions.remove(secretHash);
      await audit(account.name, 'session.close', account.name, request.ip);
      return await reply.clearCookie(SESSION_COOKIE, cookieOptions(context)).code(204).send(null);
    },
  );

  app.post(
    '/session/password',
    {
      config: { access: 'self' },
      schema: {
        tags: ['session'],
        summary: "Changes one's own password, and ends all of one's sessions but a new one",
        body: PasswordBody,
        response: { 200: SessionAnswer },
      },
    },
    async (request, reply) => {
      const { account } = requireSession(request);
      await login(request, account.name, request.body.current);
      checkPassword(request.body.next);
      const changed = { ...account, passwordHash: await hashPassword(request.body.next) };
      await store.accounts.update(changed);
      await store.sessions.removeOfAccount(account.id);
      await audit(account.name, 'account.password', account.name, request.ip);
      setSessionCookie(reply, await identity.openSession(changed), context);
      return sessionOf(changed);
    },
  );
}
