import { type TProperties, type TSchema, type TUnsafe, Type } from 'typebox';
import { ERROR_CODES } from '../../core/errors.ts';

/** The schema of a record of ours: a field too many or too few does not compile. */
export function recordSchema<T>(fields: { [K in keyof Required<T>]: TSchema }, title: string): TUnsafe<T> {
  return Type.Unsafe<T>(Type.Object(fields as unknown as TProperties, { additionalProperties: false, title }));
}

export const text = Type.String();
export const number = Type.Number();
export const flag = Type.Boolean();
export const maybeText = Type.Unsafe<string | null>({ type: ['string', 'null'] });
export const maybeNumber = Type.Unsafe<number | null>({ type: ['number', 'null'] });
export const texts = Type.Array(Type.String());

export function oneOf<const T extends readonly string[]>(values: T) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values] });
}

/** Null or an object, as OpenAPI 3.1 and JSON Schema write it. */
export function maybeObject(fields: Record<string, TSchema>): TUnsafe<object | null> {
  const required = Object.keys(fields);
  return Type.Unsafe<object | null>({ type: ['object', 'null'], properties: fields, required });
}

export const Id = Type.String({ minLength: 1, maxLength: 200 });
export const IdParams = Type.Object({ id: Id }, { additionalProperties: false });

/** Rows of an answer: never so many that one answer holds up all others. */
export function limitUpTo(maximum: number) {
  return Type.Optional(Type.Integer({ minimum: 1, maximum, description: 'At most this many rows.' }));
}

export const FrequencyHz = Type.Number({ minimum: -1e12, maximum: 1e12 });
export const TimeMs = Type.Number({ minimum: 0, maximum: 8.64e15, description: 'ms since 1970-01-01T00:00:00Z' });

export const ErrorBody = Type.Object(
  { error: Type.Object({ code: oneOf(ERROR_CODES), message: text }) },
  { title: 'Error' },
);

/** An answer without a body. */
export const NoContent = Type.Null({ description: 'Done; nothing to tell.' });
