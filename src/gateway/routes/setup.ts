import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import { createAccount } from '../auth/accounts.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { flag } from '../schemas/common.ts';
import { SessionAnswer, sessionOf, setSessionCookie } from './session.ts';

const SetupBody = Type.Object(
  {
    token: Type.String({ maxLength: 200 }),
    name: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ maxLength: 1024 }),
  },
  { additionalProperties: false },
);

/** The first account, made by whoever holds the one-time link that the service printed. */
export function setupRoutes(app: Gateway, context: RouteContext): void {
  const { store, setupToken, identity, audit, presetAccounts = 0 } = context;
  const isOpen = async () => (await store.accounts.count()) <= presetAccounts;
  const limit = app.createRateLimit({ max: 10, timeWindow: '1 minute', keyGenerator: ({ ip }) => ip });

  app.get(
    '/setup',
    {
      config: { access: 'public' },
      schema: {
        tags: ['setup'],
        summary: 'Whether nobody can log in yet, and whether the one-time link still holds',
        response: { 200: Type.Object({ needed: flag, open: flag }) },
      },
    },
    async () => ({
      needed: (await store.accounts.count()) === 0,
      open: setupToken.value !== null && (await isOpen()),
    }),
  );

  app.post(
    '/setup',
    {
      config: { access: 'public' },
      schema: {
        tags: ['setup'],
        summary: 'Makes the first account, an administrator, and logs it in',
        body: SetupBody,
        response: { 201: SessionAnswer },
      },
    },
    async (request, reply) => {
      const { token, name, password } = request.body;
      const limited = await limit(request);
      if (!limited.isAllowed && limited.isExceeded)
        throw new BandwardenError('limited', 'too many attempts; wait a minute');
      if (!setupToken.spend(token)) {
        await audit('setup', 'setup.refused', '', request.ip);
        throw new BandwardenError(
          'forbidden',
          'the link is spent or wrong; the service prints a new one when it starts',
        );
      }
      try {
        if (!(await isOpen())) throw new BandwardenError('conflict', 'there is already an account');
        const account = await createAccount(context, { name, role: 'administrator', password });
        await audit('setup', 'setup.done', account.name, request.ip);
        setSessionCookie(reply, await identity.openSession(account), context);
        return await reply.code(201).send(sessionOf(account));
      } catch (error) {
        if (await isOpen()) setupToken.restore();
        throw error;
      }
    },
  );
}
