import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { requireSession } from '../http/guards.ts';
import { IdParams, NoContent, text } from '../schemas/common.ts';
import { TokenSchema } from '../schemas/records.ts';

const DAY_MS = 86_400_000;
const TOKENS_PER_ACCOUNT = 50;

const NewBody = Type.Object(
  {
    label: Type.String({ minLength: 1, maxLength: 100, description: 'What it is for.' }),
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3660, description: 'Ends after so many days; without: never.' }),
    ),
  },
  { additionalProperties: false },
);

/** Tokens for scripts; each may do what its account may do, but not make itself last. */
export function tokenRoutes(app: Gateway, { store, clock, identity, audit }: RouteContext): void {
  app.get(
    '/tokens',
    {
      config: { access: 'self' },
      schema: {
        tags: ['tokens'],
        summary: "One's own tokens",
        response: { 200: Type.Object({ tokens: Type.Array(TokenSchema) }) },
      },
    },
    async (request) => ({ tokens: await store.tokens.list(requireSession(request).account.id) }),
  );

  app.post(
    '/tokens',
    {
      config: { access: 'self' },
      schema: {
        tags: ['tokens'],
        summary: 'Makes a token; its secret is told this once',
        body: NewBody,
        response: { 201: Type.Object({ token: TokenSchema, secret: text }) },
      },
    },
    async (request, reply) => {
      const { account } = requireSession(request);
      const { label, days } = request.body;
      if ((await store.tokens.list(account.id)).length >= TOKENS_PER_ACCOUNT) {
        throw new BandwardenError('limited', `an account has at most ${TOKENS_PER_ACCOUNT} tokens`);
      }
      const expiresMs = days === undefined ? null : clock.nowMs() + days * DAY_MS;
      const made = await identity.makeToken(account, label, expiresMs);
      await audit(account.name, 'token.add', made.token.id, label);
      return await reply.code(201).send(made);
    },
  );

  app.delete(
    '/tokens/:id',
    {
      config: { access: 'self' },
      schema: { tags: ['tokens'], summary: 'Ends a token', params: IdParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      const { account } = requireSession(request);
      const own = await store.tokens.list(account.id);
      const token = own.find(({ id }) => id === request.params.id);
      if (token === undefined) throw new BandwardenError('not-found', `you have no token ${request.params.id}`);
      await store.tokens.remove(token.id);
      await audit(account.name, 'token.remove', token.id, token.label);
      return await reply.code(204).send(null);
    },
  );
}
