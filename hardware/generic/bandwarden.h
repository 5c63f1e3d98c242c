/*
 * Bandwarden: the packets of a receiver of your own on a serial line, in C99, for any microcontroller.
 * No allocation, no library beyond the freestanding headers, about 300 bytes of memory to send.
 *
 *     COBS( packet | CRC-32 of the packet, little-endian ) 00
 *
 * Sending a sweep:
 *
 *     static void put(void *context, uint8_t byte) { uart_write(byte); }
 *
 *     bw_sender out;
 *     bw_sender_init(&out, put, NULL);
 *     bw_header head = { .time_ns = now_ns(), .frequency = bw_f64(88000000), .spacing = bw_f64(25000) };
 *     head.sequence = n++;
 *     head.count = 800;
 *     bw_begin_sweep(&out, &head, BW_CENTI_DB);
 *     for (int i = 0; i < 800; i++) bw_add_i16(&out, level_in_hundredths_of_dbm[i]);
 *     bw_end(&out);
 *
 * A device without a calendar gives the time since it was switched on: before the year 2000 the host takes its own.
 * Licence: Apache-2.0.
 */
#ifndef BANDWARDEN_H
#define BANDWARDEN_H

#include <stddef.h>
#include <stdint.h>

enum { BW_CU8 = 0, BW_CS8 = 1, BW_CS16 = 2, BW_CF32 = 3 };      /* samples of an IQ packet */
enum { BW_MINUS_HALF_DB = 0, BW_CENTI_DB = 1, BW_FLOAT_DB = 2 }; /* levels of a sweep packet: u8, i16, f32 */
enum { BW_GNSS_TIME = 1, BW_LOST_BEFORE = 2, BW_OVERLOAD = 4 };  /* flags */

#define BW_GAIN_UNKNOWN 0x7FC00000u /* the bits of a NaN */

typedef void (*bw_put)(void *context, uint8_t byte);

typedef struct {
  bw_put put;
  void *context;
  uint32_t crc;
  uint8_t length;
  uint8_t block[254];
} bw_sender;

typedef struct {
  uint16_t flags;
  uint32_t sequence;  /* one more each packet of a kind, wraps */
  uint32_t count;     /* IQ pairs or points */
  int64_t time_ns;    /* of the first sample or level, since 1970 UTC */
  uint64_t frequency; /* centre (IQ) or first (sweep): bw_f64(Hz) */
  uint64_t spacing;   /* sample rate (IQ) or step (sweep): bw_f64(Hz) */
  uint32_t gain;      /* dB: the bits of a float, or BW_GAIN_UNKNOWN; 0 is 0 dB */
} bw_header;

/* The bits of an IEEE 754 double of a whole number, also where the compiler's double has but 32 bits (AVR). */
static inline uint64_t bw_f64(uint64_t value) {
  uint64_t exponent = 1023 + 52;
  if (value == 0) return 0;
  while (value >= (UINT64_C(1) << 53)) { value >>= 1; exponent++; }
  while (value < (UINT64_C(1) << 52)) { value <<= 1; exponent--; }
  return (exponent << 52) | (value & ((UINT64_C(1) << 52) - 1));
}

static inline uint32_t bw_crc32(uint32_t crc, uint8_t byte) {
  int bit;
  crc ^= byte;
  for (bit = 0; bit < 8; bit++) crc = (crc & 1u) ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
  return crc;
}

static inline void bw_sender_init(bw_sender *out, bw_put put, void *context) {
  out->put = put;
  out->context = context;
  out->crc = 0xFFFFFFFFu;
  out->length = 0;
}

static inline void bw_flush_block_(bw_sender *out) {
  uint8_t i;
  out->put(out->context, (uint8_t)(out->length + 1));
  for (i = 0; i < out->length; i++) out->put(out->context, out->block[i]);
  out->length = 0;
}

static inline void bw_stuff_(bw_sender *out, uint8_t byte) {
  /* A full block stands for its bytes alone, without a zero after them. */
  if (out->length == 254) bw_flush_block_(out);
  if (byte == 0) bw_flush_block_(out);
  else out->block[out->length++] = byte;
}

/* One byte of the packet: of cu8 and cs8 samples, of levels in half dB, of JSON. */
static inline void bw_add_u8(bw_sender *out, uint8_t byte) {
  out->crc = bw_crc32(out->crc, byte);
  bw_stuff_(out, byte);
}

static inline void bw_add_le_(bw_sender *out, uint64_t value, int bytes) {
  for (; bytes > 0; bytes--, value >>= 8) bw_add_u8(out, (uint8_t)(value & 0xFFu));
}

static inline void bw_add_i16(bw_sender *out, int16_t value) { bw_add_le_(out, (uint16_t)value, 2); }

static inline void bw_add_f32(bw_sender *out, float value) {
  union { float f; uint32_t u; } bits;
  bits.f = value;
  bw_add_le_(out, bits.u, 4);
}

static inline void bw_begin_(bw_sender *out, const char *magic) {
  int i;
  out->crc = 0xFFFFFFFFu;
  out->length = 0;
  for (i = 0; i < 4; i++) bw_add_u8(out, (uint8_t)magic[i]);
  bw_add_u8(out, 1);
}

static inline void bw_begin_packet_(bw_sender *out, const char *magic, uint8_t format, const bw_header *head) {
  bw_begin_(out, magic);
  bw_add_u8(out, format);
  bw_add_le_(out, head->flags, 2);
  bw_add_le_(out, head->sequence, 4);
  bw_add_le_(out, head->count, 4);
  bw_add_le_(out, (uint64_t)head->time_ns, 8);
  bw_add_le_(out, head->frequency, 8);
  bw_add_le_(out, head->spacing, 8);
  bw_add_le_(out, head->gain, 4);
  bw_add_le_(out, out->crc ^ 0xFFFFFFFFu, 4);
}

/* Then head->count pairs. */
static inline void bw_begin_iq(bw_sender *out, const bw_header *head, uint8_t format) {
  bw_begin_packet_(out, "BWIQ", format, head);
}

/* Then head->count levels, dBm. */
static inline void bw_begin_sweep(bw_sender *out, const bw_header *head, uint8_t format) {
  bw_begin_packet_(out, "BWSW", format, head);
}

static inline void bw_end(bw_sender *out) {
  uint32_t crc = out->crc ^ 0xFFFFFFFFu;
  int i;
  for (i = 0; i < 4; i++, crc >>= 8) bw_stuff_(out, (uint8_t)(crc & 0xFFu));
  bw_flush_block_(out);
  out->put(out->context, 0);
}

/* The answer to a command: JSON such as {"id":"1","ok":true}. */
static inline void bw_reply(bw_sender *out, const char *json) {
  bw_begin_(out, "BWRP");
  bw_add_le_(out, 0, 3);
  while (*json) bw_add_u8(out, (uint8_t)*json++);
  bw_end(out);
}

/* Reading commands: hand over every byte that comes. */
typedef struct {
  uint8_t *buffer; /* yours; a command is rarely longer than 200 bytes */
  size_t size;
  size_t length;
  uint8_t left;    /* bytes of the block that runs */
  uint8_t code;
  uint8_t broken;
} bw_receiver;

static inline void bw_receiver_init(bw_receiver *in, uint8_t *buffer, size_t size) {
  in->buffer = buffer;
  in->size = size;
  in->length = 0;
  in->left = 0;
  in->code = 255;
  in->broken = 0;
}

static inline void bw_keep_(bw_receiver *in, uint8_t byte) {
  if (in->length < in->size) in->buffer[in->length++] = byte;
  else in->broken = 1;
}

/*
 * The length of a command's JSON, which then begins at buffer + 8 and holds until the next byte is handed over;
 * 0 while there is none. What is broken or something else is left out.
 */
static inline size_t bw_receive(bw_receiver *in, uint8_t byte) {
  size_t i, length;
  uint32_t crc = 0xFFFFFFFFu;
  uint8_t broken;
  if (byte != 0) {
    if (in->left == 0) {
      if (in->code != 255) bw_keep_(in, 0);
      in->code = byte;
      in->left = (uint8_t)(byte - 1);
    } else {
      bw_keep_(in, byte);
      in->left--;
    }
    return 0;
  }
  length = in->length;
  broken = in->broken || in->left != 0;
  bw_receiver_init(in, in->buffer, in->size);
  if (broken || length < 13) return 0;
  /* Over a packet and its inverted CRC the register ends in this constant, whatever the packet was. */
  for (i = 0; i < length; i++) crc = bw_crc32(crc, in->buffer[i]);
  if (crc != 0xDEBB20E3u) return 0;
  if (in->buffer[0] != 'B' || in->buffer[1] != 'W' || in->buffer[2] != 'C' || in->buffer[3] != 'M') return 0;
  if (in->buffer[4] != 1) return 0;
  return length - 12;
}

#endif
